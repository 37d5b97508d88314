/** Finds tables next to the listed tables of a flow, because new tables are not loaded until the flow names them. */
import type { TableFound } from '../../engine/contracts/connector.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { type CheckResult, unlistedTablesText } from '../../narrate/commands/finding-lines.ts';
import { retry } from '../../ports/retry.ts';
import { findConnector } from '../../registry.ts';
import type { FlowSpec } from '../../workspace/load/load.ts';
import type { RealPorts } from '../ports.ts';

/**
 * For a flow whose entities are tables of some schemas: other readable tables in these schemas (without views) that no flow of the workspace reads or
 * settles. Empty if the flow finds its entities itself, or if the database can't be queried, which the checks of its entities report.
 */
export async function checkUnlisted(flow: FlowSpec, all: readonly FlowSpec[], ports: RealPorts): Promise<readonly CheckResult[]> {
  const [spec] = flow.entities;
  if (flow.finds !== null || spec === undefined) return [];
  const tables = await tablesAt(spec, ports).catch(() => []);
  if (tables.length === 0) return [];
  const own = await spellings(flow.entities, 'home');
  const ofWorkspace = all.flatMap(({ entities }) => entities);
  const taken = new Set([...(await spellings(ofWorkspace, 'home')), ...(await spellings(ofWorkspace, 'store'))]);
  const located = await Promise.all(tables.map(async (found) => ({ found, at: await spelling(spec, 'home', found.written) })));
  const schemas = new Set(located.filter(({ at }) => at !== undefined && own.includes(at)).map(({ found }) => found.schema));
  const beside = located
    .filter(({ found, at }) => schemas.has(found.schema) && !/view/i.test(found.kind) && found.unread === undefined && !taken.has(at ?? ''))
    .map(({ found }) => found.written);
  return beside.length === 0 ? [] : [{ about: flow.name, ok: true, what: unlistedTablesText(beside), tryThis: [] }];
}

async function tablesAt(spec: EntitySpec, ports: RealPorts): Promise<readonly TableFound[]> {
  const database = (await findConnector(spec.home.type))?.database;
  return (await retry(async () => database?.tables?.(spec.home.config as never, ports.opening(spec)))) ?? [];
}

async function spellings(specs: readonly EntitySpec[], side: 'home' | 'store'): Promise<readonly string[]> {
  return (await Promise.all(specs.map((spec) => spelling(spec, side)))).filter((one) => one !== undefined);
}

/** One text for a table, in any spelling. @param table another table of the same database. */
async function spelling(spec: EntitySpec, side: 'home' | 'store', table?: string): Promise<string | undefined> {
  const { type, config } = spec[side];
  const of = table === undefined ? config : { ...(config as object), table, query: undefined };
  const at = (await findConnector(type))?.place?.(of);
  return at && `${at.root} ${at.path}`;
}
