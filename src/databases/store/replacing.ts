/** What a commit replaces, as a condition on the rows of a table, and the rows beside it that go with them. */
import type { Intent } from '../../engine/contracts/intent.ts';
import type { Range } from '../../engine/contracts/replacing.ts';
import type { Supersede } from '../../engine/contracts/store.ts';
import { schemaOfRole } from '../../frames/rejected.ts';
import { named, ownNamed } from '../ddl.ts';
import type { Dialect, Session } from '../engine.ts';
import { isEntity, valuesOf } from './head.ts';
import type { StoreDialect, TablePlace } from './publishing.ts';
import { refOf, stagedAt, takesPart } from './staging.ts';

type RangeDialect = Pick<Dialect, 'quote' | 'literal' | 'ordered'>;

/** Null: nothing goes. `mine`: the rows that are ours, where a column tells. */
export function condition(dialect: RangeDialect, supersede: Supersede, mine: string | null): string | null {
  switch (supersede.what) {
    case 'nothing':
    case 'sources':
      return null;
    case 'all':
      return supersede.foreign === 'replace' || mine === null ? '1 = 1' : mine;
    case 'boundary': {
      const column = dialect.quote(supersede.column);
      const tie = `${dialect.ordered(column, supersede.type)} = ${dialect.literal(supersede.type, supersede.text)}`;
      return and(mine, supersede.nulls ? `(${tie} or ${column} is null)` : tie);
    }
    case 'range':
      return and(mine, within(dialect, supersede));
  }
}

/** Rows without a watermark lie in no range; those of the open group are read again where it goes whole. */
function within(dialect: RangeDialect, { column: name, type, from, to, group }: Range): string {
  const column = dialect.quote(name);
  const ordered = dialect.ordered(column, type);
  const edges = [
    `${ordered} ${from.inclusive ? '>=' : '>'} ${dialect.literal(type, from.text)}`,
    ...(to === null ? [] : [`${ordered} ${to.inclusive ? '<=' : '<'} ${dialect.literal(type, to.text)}`]),
  ].join(' and ');
  return group === 'whole' ? `(${edges} or ${column} is null)` : edges;
}

function and(mine: string | null, condition: string): string {
  return mine === null ? condition : `${mine} and ${condition}`;
}

/** Rows that settle apart go when the rows go that they came with. */
export async function keepApart(
  { session, dialect, place }: { readonly session: Session; readonly dialect: StoreDialect; readonly place: TablePlace },
  intent: Intent,
  supersede: Supersede,
): Promise<void> {
  const { quote, own, parameter } = dialect;
  const mine = isEntity(dialect);
  const rejected = ownNamed(dialect, place.metadataSchema, 'rejected');
  const of = valuesOf(place.key);
  if (supersede.what === 'all') await session.query(`delete from ${rejected} where ${mine}`, of);
  if (supersede.what === 'boundary') await session.query(`delete from ${rejected} where ${mine} and of_group = 1`, of);
  if (supersede.what === 'range') {
    const type = dialect.declared(supersede.type);
    const { fromText, asType } = dialect;
    const value = fromText?.('watermark', supersede.type) ?? asType?.('watermark', supersede.type) ?? `cast(watermark as ${type})`;
    const within = condition({ ...dialect, quote: () => value }, supersede, null) ?? '1 = 0';
    await session.query(`delete from ${rejected} where ${mine} and ${within}`, of);
  } else if (supersede.what !== 'all') await session.query(`update ${rejected} set of_group = 0 where ${mine} and of_group = 1`, of);
  for (const part of intent.parts.filter((one) => !takesPart(one))) {
    const { name, mark, columns: staged } = refOf(part);
    const type = schemaOfRole(part.role, intent.schema).columns.find((column) => column.name === mark)?.type;
    const text = mark === null || type === undefined ? 'null' : dialect.canonical(`s.${quote(mark)}`, type);
    const { rowAsText: asText } = dialect;
    const rowAsText =
      typeof asText === 'string'
        ? asText
        : asText(schemaOfRole(part.role, intent.schema).columns.filter((column) => staged.includes(column.name)));
    const columns = `flow, entity, table_name, role, intent_id, of_group, watermark, ${quote('row')}, ${quote('at')}`;
    const values = `${[1, 2, 3, 4, 5].map((place) => parameter(place)).join(', ')}, ${part.ofGroup ? 1 : 0}, ${text}, ${rowAsText}, ${own.now}`;
    const from = named(dialect, stagedAt(dialect, place, name));
    await session.query(`insert into ${rejected} (${columns}) select ${values} from ${from} s`, [...of, part.role, intent.id]);
  }
}
