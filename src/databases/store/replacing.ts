/** What a commit replaces, as a condition on the rows of a table. */
import type { Range } from '../../engine/contracts/replacing.ts';
import type { Supersede } from '../../engine/contracts/store.ts';
import type { Dialect } from '../engine.ts';

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
