CREATE USER [id-northwind-nightly-un5jd1wm] FROM EXTERNAL PROVIDER;
GRANT SELECT ON OBJECT::[dbo].[ledger] TO [id-northwind-nightly-un5jd1wm];
GRANT VIEW DATABASE STATE TO [id-northwind-nightly-un5jd1wm];
