CREATE INDEX job_given_up ON job (id) WHERE state = 'failed';
CREATE INDEX job_struggling ON job (id) WHERE state = 'open' AND error IS NOT NULL;
