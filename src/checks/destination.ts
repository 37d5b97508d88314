/** The destination's columns while decisions change them. Decisions name source columns. */
import { sameType } from '../frames/describe-type.ts';
import { type Column, type DataType, decided, isUndecided, type Schema } from '../frames/schema.ts';

/** A column of the destination and its source, for staging. */
export interface DestinationColumn {
  readonly name: string;
  readonly type: DataType;
  /** The source column; null: the source has no such column now, so the column settles as nulls. */
  readonly from: string | null;
}

/** A column of the destination, as it last settled. */
export interface ExpectedColumn extends Column {
  /** The source column of its values; null: the column no longer has a source (`type_changes: new_column` parked it). */
  readonly from: string | null;
  /** The source column at that time, if it differs from the settled column. */
  readonly seen: { readonly type: DataType; readonly nullable: boolean } | null;
}

export class Destination {
  readonly #columns: ExpectedColumn[];
  readonly #sources: ReadonlyMap<string, Column>;

  constructor(expected: readonly ExpectedColumn[], now: Schema) {
    this.#sources = new Map(now.columns.map((column) => [column.name, column]));
    this.#columns = [...expected];
  }

  /** The settled column, found by its source's name. */
  typeOf(source: string): DataType | undefined {
    return this.#columns[this.#at(source)]?.type;
  }

  /** Whether no value of the column has settled so far. */
  isUndecided(source: string): boolean {
    const column = this.#columns[this.#at(source)];
    return column !== undefined && isUndecided(column);
  }

  decide(source: string, type: DataType): void {
    const at = this.#at(source);
    const column = this.#columns[at];
    if (column) this.#columns[at] = { ...decided(column), type };
  }

  /** Adds a column with this name, or with a similar free name, and returns the column. The column is nullable, because earlier settled rows have no value in it. */
  add(wanted: string, source: Column): string {
    const name = this.#free(wanted);
    const { name: from, ...column } = source;
    this.#columns.push({ ...column, name, nullable: true, from, seen: null });
    return name;
  }

  drop(source: string): void {
    const at = this.#at(source);
    if (at >= 0) this.#columns.splice(at, 1);
  }

  /** Parks the column: settled values stay, but new values are not added. */
  park(source: string): void {
    this.change(source, { from: null, nullable: true });
  }

  change(source: string, to: Partial<ExpectedColumn>): void {
    const at = this.#at(source);
    const column = this.#columns[at];
    if (column) this.#columns[at] = { ...column, ...to };
  }

  settled(): { readonly schema: Schema; readonly settles: readonly DestinationColumn[]; readonly expects: readonly ExpectedColumn[] } {
    const expects = this.#columns.map((column) => ({ ...column, seen: this.#seen(column) }));
    return {
      schema: { columns: expects.map(({ from: _from, seen: _seen, ...column }) => column) },
      settles: expects.map(({ name, type, from }) => this.#settles(name, type, from)),
      expects,
    };
  }

  #settles(name: string, type: DataType, from: string | null): DestinationColumn {
    const source = from === null ? undefined : this.#sources.get(from);
    return { name, type, from: source ? from : null };
  }

  /** If a column is missing in the source, its last known type is kept, so that the types can be compared when the column comes back. */
  #seen({ from, seen, type, nullable }: ExpectedColumn): ExpectedColumn['seen'] {
    const source = from === null ? undefined : this.#sources.get(from);
    if (!source) return seen;
    if (sameType(source.type, type) && source.nullable === nullable) return null;
    return { type: source.type, nullable: source.nullable };
  }

  #at(source: string): number {
    return this.#columns.findIndex(({ from }) => from === source);
  }

  #free(wanted: string): string {
    const isTaken = (name: string) => this.#columns.some((column) => column.name === name);
    if (!isTaken(wanted)) return wanted;
    for (let n = 2; ; n++) if (!isTaken(`${wanted}_${n}`)) return `${wanted}_${n}`;
  }
}
