REVOKE SELECT ON OBJECT::[dbo].[shifts] FROM [id-hafen-o-brie-crews-ioalogeu];
REVOKE VIEW DATABASE STATE FROM [id-hafen-o-brie-crews-ioalogeu];
