REVOKE VIEW DATABASE STATE FROM [id-hafen-o-brie-crews-ioalogeu];
GO
REVOKE SELECT ON OBJECT::[dbo].[shifts] FROM [id-hafen-o-brie-crews-ioalogeu];
GO
