/** The query for declared keys. Fabric does not enforce keys, so several rows may have the same key. */
export const keys = `SELECT CONVERT(varchar(12), k.parent_object_id) AS id, c.name AS [column], k.name AS [index],
  CASE WHEN k.type = 'PK' THEN '1' ELSE '0' END AS [primary], CONVERT(varchar(1), c.is_nullable) AS nullable
FROM sys.key_constraints AS k JOIN sys.index_columns AS i ON i.object_id = k.parent_object_id AND i.index_id = k.unique_index_id
JOIN sys.columns AS c ON c.object_id = i.object_id AND c.column_id = i.column_id
ORDER BY k.parent_object_id, k.name, i.key_ordinal`;
