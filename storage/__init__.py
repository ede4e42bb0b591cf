"""What is kept: SQL, transactions, migrations, media files. No opinions."""
