/**
 * How a table that broke a rule goes on. `same name`: when a valid file replaces the refused one under its own name; `rebuild`: when its folder was deleted and made
 * again; `none`: it goes on at once, and the violation stays on record.
 */
export type Repair = 'same name' | 'rebuild' | 'none';

/**
 * Every rule that a publisher can break. A table's error has the rule's name as its code. They are from "Open mirroring landing zone requirements and format",
 * https://learn.microsoft.com/fabric/mirroring/open-mirroring-landing-zone-format, and "Best practices for open mirroring in Microsoft Fabric",
 * https://learn.microsoft.com/fabric/mirroring/open-mirroring-best-practices. What a page leaves open has a comment: it is read as strictly as it can be.
 */
export const rules = {
  ZeroByteFile: { says: 'No published file is of zero bytes.', repair: 'same name' },
  CorruptFile: { says: 'A published file is complete and valid.', repair: 'same name' },
  OverwrittenFile: { says: 'A published path is never overwritten or used for another content.', repair: 'rebuild' },
  RepeatedNumber: { says: 'A number is published once.', repair: 'rebuild' },
  UnknownName: { says: 'A sequential name is exactly 20 digits.', repair: 'none' },
  MarkerNotLast: { says: '__rowMarker__ is the last column.', repair: 'same name' },
  UnknownMarker: { says: '__rowMarker__ is 0, 1, 2 or 4.', repair: 'same name' },
  ChangeWithoutKeys: { says: 'Updates, deletes and upserts need keyColumns.', repair: 'same name' },
  TakenWithoutKeys: { says: 'A table folder has a valid _metadata.json.', repair: 'none' },
  KeysChanged: { says: 'keyColumns are fixed once they are declared.', repair: 'rebuild' },
  KeyColumnMissing: { says: 'A file has the key columns.', repair: 'same name' },
  ColumnRetyped: { says: 'A column keeps its type.', repair: 'rebuild' },
  NotNullDropped: { says: 'A column that a file lacks is nullable.', repair: 'same name' },
  NestedColumn: { says: 'Complex types are written as JSON strings.', repair: 'same name' },
  EarlyIncrement: { says: 'Increments wait until a table that was made again has reappeared.', repair: 'rebuild' },
  // The landing zone's page lets a folder be made again at once and tells it by its ETag; the best practices ask to wait.
  HastyRecreation: { says: 'A folder is made again after its table has disappeared.', repair: 'rebuild' },
  // Only keyColumns are said to be fixed; the strategy's progress is to be kept.
  MetadataChanged: { says: 'The settings in _metadata.json stay as they were first read.', repair: 'rebuild' },
  // No page lists the parquet types; a Delta table has these only.
  TypeNotInDelta: { says: 'A parquet type is one that Delta has.', repair: 'same name' },
  // No page mentions them; a null equals nothing.
  NullKey: { says: 'Key columns have no nulls.', repair: 'same name' },
  // An insert does not look for duplicates; which row an update then changes is on no page.
  AmbiguousKey: { says: 'An update finds at most one row.', repair: 'rebuild' },
  // A page asks only that a column missing from a file is nullable; rows that were there have no value in a new column.
  RequiredAdded: { says: 'An added column is nullable.', repair: 'same name' },
  RequiredRelaxed: { says: 'A not-null column stays one.', repair: 'same name' },
  // Partitions are mentioned, and their folders are described nowhere.
  FolderInTable: { says: 'A table folder has no other folders.', repair: 'none' },
} as const satisfies Record<string, { readonly says: string; readonly repair: Repair }>;

export type RuleName = keyof typeof rules;

/** Why a file or a folder is refused. */
export class Refused extends Error {
  readonly rule: RuleName;

  constructor(rule: RuleName, detail: string) {
    super(`${rules[rule].says} ${detail}`);
    this.rule = rule;
  }
}
