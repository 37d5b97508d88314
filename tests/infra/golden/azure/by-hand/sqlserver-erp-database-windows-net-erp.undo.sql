REVOKE VIEW DATABASE STATE FROM [id-northwind-nightly-un5jd1wm];
GO
REVOKE SELECT ON OBJECT::[dbo].[ledger] FROM [id-northwind-nightly-un5jd1wm];
GO
