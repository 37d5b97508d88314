/** A page of Microsoft's documentation. */
export interface Page {
  readonly address: string;
  readonly title: string;
}

const landingZone: Page = {
  address: 'https://learn.microsoft.com/fabric/mirroring/open-mirroring-landing-zone-format',
  title: 'Open mirroring landing zone requirements and format',
};
const bestPractices: Page = {
  address: 'https://learn.microsoft.com/fabric/mirroring/open-mirroring-best-practices',
  title: 'Best practices for open mirroring in Microsoft Fabric',
};

/**
 * How a table that broke a rule goes on. `same name`: when a valid file replaces the refused one under its own name; `rebuild`: when its folder was deleted and made
 * again; `none`: it goes on at once, and the violation stays on record.
 */
export type Repair = 'same name' | 'rebuild' | 'none';

export interface Rule {
  /** What a publisher must keep to. */
  readonly says: string;
  readonly page: Page;
  readonly repair: Repair;
  /** Whether the page leaves it open, so that an option of the replicator decides; its default is the strictest reading. */
  readonly open?: true;
}

/** Every rule that a publisher can break, with the page it comes from. A table's error has the rule's name as its code. */
export const rules = {
  ZeroByteFile: { says: 'No published file is of zero bytes.', page: bestPractices, repair: 'same name' },
  CorruptFile: { says: 'A published file is complete and valid.', page: bestPractices, repair: 'same name' },
  OverwrittenFile: { says: 'A published path is never overwritten or used for another content.', page: bestPractices, repair: 'rebuild' },
  RepeatedNumber: { says: 'A number is published once.', page: bestPractices, repair: 'rebuild' },
  UnknownName: { says: 'A sequential name is exactly 20 digits.', page: bestPractices, repair: 'none' },
  MarkerNotLast: { says: '__rowMarker__ is the last column.', page: landingZone, repair: 'same name' },
  UnknownMarker: { says: '__rowMarker__ is 0, 1, 2 or 4.', page: landingZone, repair: 'same name' },
  ChangeWithoutKeys: { says: 'Updates, deletes and upserts need keyColumns.', page: landingZone, repair: 'same name' },
  TakenWithoutKeys: { says: 'A table folder has a valid _metadata.json.', page: landingZone, repair: 'none' },
  KeysChanged: { says: 'keyColumns are fixed once they are declared.', page: landingZone, repair: 'rebuild' },
  KeyColumnMissing: { says: 'A file has the key columns.', page: landingZone, repair: 'same name' },
  ColumnRetyped: { says: 'A column keeps its type.', page: bestPractices, repair: 'rebuild' },
  NotNullDropped: { says: 'A column that a file lacks is nullable.', page: bestPractices, repair: 'same name' },
  NestedColumn: { says: 'Complex types are written as JSON strings.', page: landingZone, repair: 'same name' },
  EarlyIncrement: { says: 'Increments wait until a table that was made again has reappeared.', page: bestPractices, repair: 'rebuild' },
  HastyRecreation: {
    says: 'A folder is made again after its table has disappeared.',
    page: bestPractices,
    repair: 'rebuild',
    // The landing zone's page lets a folder be made again at once and tells it by its ETag; the best practices ask to wait.
    open: true,
  },
  MetadataChanged: {
    says: 'The settings in _metadata.json stay as they were first read.',
    page: bestPractices,
    repair: 'rebuild',
    // Only keyColumns are said to be fixed; the strategy's progress is to be kept.
    open: true,
  },
  // No page lists the parquet types; a Delta table has these only.
  TypeNotInDelta: { says: 'A parquet type is one that Delta has.', page: landingZone, repair: 'same name', open: true },
  // No page mentions them; a null equals nothing.
  NullKey: { says: 'Key columns have no nulls.', page: landingZone, repair: 'same name', open: true },
  // An insert does not look for duplicates; which row an update then changes is on no page.
  AmbiguousKey: { says: 'An update finds at most one row.', page: landingZone, repair: 'rebuild', open: true },
  // A page asks only that a column missing from a file is nullable; rows that were there have no value in a new column.
  RequiredAdded: { says: 'An added column is nullable.', page: bestPractices, repair: 'same name', open: true },
  RequiredRelaxed: { says: 'A not-null column stays one.', page: bestPractices, repair: 'same name', open: true },
  // Both formats are taken; no page has the same number twice.
  TwoFilesOneNumber: { says: 'A number has one file.', page: bestPractices, repair: 'same name', open: true },
  // Partitions are mentioned, and their folders are described nowhere.
  FolderInTable: { says: 'A table folder has no other folders.', page: bestPractices, repair: 'none', open: true },
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;

/** Why a file or a folder is refused. */
export class Refused extends Error {
  readonly rule: RuleName;

  constructor(rule: RuleName, detail: string) {
    super(`${rules[rule].says} ${detail}`);
    this.rule = rule;
  }
}
