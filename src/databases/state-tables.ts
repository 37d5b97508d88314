/** The tables that state lives in. What people look for has columns of its own; hygge reads `state`, `row` and `body`. */
import type { StateSide } from './engine.ts';

export const stateTables = ['watermarks', 'journal', 'objects'] as const;
export type StateTable = (typeof stateTables)[number];

type Spelling = Pick<StateSide, 'own' | 'table'>;

function columnsOf({ own: { text, number, instant } }: Spelling): Readonly<Record<StateTable, readonly string[]>> {
  const entity = [`flow ${text} not null`, `entity ${text} not null`];
  return {
    watermarks: [
      ...entity,
      ...[`watermark_column ${text}`, `watermark_type ${text}`, `watermark_value ${text}`],
      ...[`status ${text}`, `rows_processed ${number}`, `rows_settled ${number}`, `last_run ${instant}`, `last_entity_run ${text}`],
      ...[`held_by ${text}`, `held_until ${instant}`, `pending ${text}`, `epoch ${number} not null`],
      ...[`version ${number} not null`, `write_id ${text} not null`, `state ${text} not null`, 'primary key (flow, entity)'],
    ],
    journal: [
      `entity_run_id ${text} not null primary key`,
      ...[`run_id ${text} not null`, `invocation_id ${text} not null`, `workspace ${text} not null`, ...entity, `lane ${text} not null`],
      ...[`status ${text} not null`, `reason ${text}`, `run_type ${text} not null`],
      ...[`started_at ${instant}`, `finished_at ${instant} not null`, `rows_processed ${number}`, `rows_read ${number}`, `bytes ${number}`],
      ...[`watermark_column ${text}`, `watermark_from ${text}`, `watermark_to ${text}`, `error_code ${text}`, `message ${text}`],
      ...[`"row" ${text} not null`, 'unique (finished_at, entity_run_id)', 'unique (flow, entity, finished_at, entity_run_id)'],
    ],
    objects: [
      ...[...entity, `ref ${text} not null`, `piece ${number} not null`, `pieces ${number} not null`, `body ${text} not null`],
      'primary key (flow, entity, ref, piece)',
    ],
  };
}

export function stateDdl(spelling: Spelling, schema: string, tables: readonly StateTable[] = stateTables): readonly string[] {
  const columns = columnsOf(spelling);
  return tables.map((name) => `create table if not exists ${spelling.table(schema, name)} (\n  ${columns[name].join(',\n  ')}\n)`);
}
