/** The values of Delta tables: their schema, partition values, deletion vectors, rows of their files, and the files that a window needs. */
export type { DeletedRows } from './deleted-rows.ts';
export { type PartitionText, partitionValueOf } from './partition.ts';
export { type Bound, boundsOf, mayHold, nullsOf } from './pruning.ts';
export { type DeltaRead, dataFormat, readDeltaFile } from './read.ts';
export { columnsOf, type DeltaColumns, schemaOf, type TableColumn, type TableDescription } from './schema.ts';
export { type OpenVector, readVector, type VectorPlace, vectorPlace } from './vector.ts';
