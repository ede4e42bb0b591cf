-- Quotes now wait for a summary that has room for them: those of before do not come again.
UPDATE quote SET told_week = '' WHERE verdict = 'yes' AND told_week IS NULL
    AND decided_on < (SELECT max(finished_on) FROM ledger WHERE work = 'digest');
