/** Times that a Delta table can’t store exactly, or that some readers do not show. The keys `timestamps` and `wall_clock` decide how such times settle. */
import type { ColumnsToSettle, Standing } from '../../engine/contracts/catalog.ts';
import type { Part, StageRequest } from '../../engine/contracts/store.ts';
import type { Column, Retimed, Schema } from '../../frames/schema.ts';
import { asBefore, cutText, retimedNow } from '../../frames/times/cut.ts';
import type { OwnNote } from '../../ports/notes.ts';
import { defined } from '../../ports/values.ts';
import type { FilePlace } from '../store/layout.ts';

type TimeKeys = Pick<FilePlace, 'timestamps' | 'wallClock'>;

/** The columns with the types in which times settle. An existing column keeps its type. */
export function withTimes(wanted: ColumnsToSettle, { catalog }: Standing, keys: TimeKeys): ColumnsToSettle {
  const there = new Map((catalog?.columns ?? []).map(({ name, holds }) => [name.toLowerCase(), holds?.type]));
  const columns = wanted.schema.columns.map((column): Column => {
    const { name, type } = column;
    if (type.kind !== 'timestamp') return column;
    // Times in keys are never cut: two keys that differ only in the last digits would become the same key.
    const timestamps = wanted.key?.includes(name) ? 'exact' : (keys.timestamps ?? 'exact');
    if (column.retimed !== undefined) return asBefore(column, timestamps);
    const known = there.get(name.toLowerCase());
    const staysNaive = known?.kind === 'timestamp' && known.zone === undefined;
    const retimed: Retimed = {
      ...(timestamps === 'truncate' && type.unit === 'ns' ? { cut: true } : {}),
      ...(keys.wallClock === 'utc' && type.zone === undefined && !staysNaive ? { utc: true } : {}),
    };
    if (Object.keys(retimed).length === 0) return column;
    const unit = retimed.cut ? 'us' : type.unit;
    return { ...column, type: { ...type, unit, ...(retimed.utc ? { zone: 'UTC' } : {}) }, retimed };
  });
  return { ...wanted, schema: { columns } };
}

/** The parts, with the bounds of the watermark in the form of the source: wall-clock times without a zone. */
export function withSourceBounds(
  parts: readonly Part[],
  { schema, watermark }: Pick<StageRequest, 'schema' | 'watermark'>,
): readonly Part[] {
  const column = schema.columns.find(({ name }) => name === watermark?.column);
  if (!column?.retimed?.utc) return parts;
  const bare = (text: string | undefined) => text?.replace(/Z$/, '');
  return parts.map((part) => ({ ...part, ...defined({ min: bare(part.min), max: bare(part.max) }) }));
}

/** Notes on columns whose times settle in another form from now on. @param settled the columns before this run. */
export function timeNotes({ columns }: Schema, settled: Schema | null | undefined, where: string): readonly OwnNote[] {
  const named = (is: (retimed: Retimed) => true | undefined) => retimedNow({ columns }, settled, is);
  const note = (code: OwnNote['code'], names: readonly string[], what: string): readonly OwnNote[] =>
    names.length === 0 ? [] : [{ code, text: `${names.join(', ')} of ${where}: ${what}`, params: { columns: names } }];
  return [
    ...note(
      'delta.times_cut',
      named(({ cut }) => cut),
      cutText,
    ),
    ...note(
      'delta.wall_clock_in_utc',
      named(({ utc }) => utc),
      'wall-clock times settle as timestamps in UTC. wall_clock: timestamp_ntz keeps wall-clock times, but the SQL endpoint of Fabric does not show columns with such times',
    ),
  ];
}
