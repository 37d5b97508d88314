IF DATABASE_PRINCIPAL_ID(N'id-northwind-nightly-un5jd1wm') IS NULL CREATE USER [id-northwind-nightly-un5jd1wm] FROM EXTERNAL PROVIDER;
GO
GRANT SELECT ON OBJECT::[dbo].[ledger] TO [id-northwind-nightly-un5jd1wm];
GO
GRANT VIEW DATABASE STATE TO [id-northwind-nightly-un5jd1wm];
GO
