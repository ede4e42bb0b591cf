-- The hash of the command menu that the chat shows; '': none was ever sent there, '-': one of before this column.
ALTER TABLE address ADD COLUMN menu TEXT NOT NULL DEFAULT '';
UPDATE address SET menu = '-';
