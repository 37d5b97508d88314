CREATE USER [id-hafen-o-brie-crews-ioalogeu] FROM EXTERNAL PROVIDER;
GRANT SELECT ON OBJECT::[dbo].[shifts] TO [id-hafen-o-brie-crews-ioalogeu];
GRANT VIEW DATABASE STATE TO [id-hafen-o-brie-crews-ioalogeu];
