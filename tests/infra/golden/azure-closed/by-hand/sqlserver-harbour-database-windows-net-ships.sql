IF DATABASE_PRINCIPAL_ID(N'id-hafen-o-brie-crews-ioalogeu') IS NULL CREATE USER [id-hafen-o-brie-crews-ioalogeu] FROM EXTERNAL PROVIDER;
GO
GRANT SELECT ON OBJECT::[dbo].[shifts] TO [id-hafen-o-brie-crews-ioalogeu];
GO
GRANT VIEW DATABASE STATE TO [id-hafen-o-brie-crews-ioalogeu];
GO
