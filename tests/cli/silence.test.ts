import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { HyggeEvent } from '../../src/ports/events.ts';
import type { JournalRow } from '../../src/ports/state.ts';
import { lineOf } from '../../src/state/journal.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { advised, hygge } from './workspace.ts';

const dayMs = 86_400_000;

async function journalOf(workspace: TestWorkspace): Promise<readonly JournalRow[]> {
  const { stdout } = await hygge(['journal', '--output', 'json'], workspace.root);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JournalRow);
}

/** Puts the one run of the workspace a day back, with one for each of 40 days before it, at this hour, each of which brought rows. */
async function withHistory(workspace: TestWorkspace, rows = (ago: number) => 100 + ago): Promise<void> {
  const [run] = await journalOf(workspace);
  if (run === undefined) throw new Error('nothing has run');
  // On the first day of a month all that remains is of earlier ones.
  const months = new Map<string, string[]>([[run.finished_at.slice(0, 7), []]]);
  const back = (at: string, days: number) => new Date(Date.parse(at) - days * dayMs).toISOString();
  for (let ago = 40; ago > 0; ago--) {
    const at = { started_at: back(run.started_at, ago), finished_at: back(run.finished_at, ago) };
    const row = { ...run, ...at, run_id: `R${ago}`, entity_run_id: `R${ago}.1`, rows: rows(ago) };
    const month = row.finished_at.slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), lineOf(row)]);
  }
  for (const [month, lines] of months)
    writeFileSync(workspace.path(`.hygge/journal/${month}.ndjson`), lines.map((line) => `${line}\n`).join(''));
  const state = workspace.path('.hygge/state/till/till.state.yml');
  const today = run.finished_at.slice(0, 10);
  writeFileSync(state, readFileSync(state, 'utf8').replaceAll(`${today}T`, `${back(run.finished_at, 1).slice(0, 10)}T`));
}

const doneIn = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as HyggeEvent)
    .find((event) => event.event === 'entity_done');

describe('a run that brings no rows where there always were some', () => {
  it('by file ends as a warning, with what the source has, and the page says so until rows come', async () => {
    using workspace = new TestWorkspace({ 'flows/till/flow.yml': 'home: data/*.csv\nstore: lake\nrun_type: incremental\n' });
    workspace.write({ 'data/a.csv': 'id\n1\n' });
    await hygge(['go'], workspace.root);
    await withHistory(workspace);
    const told = await hygge(['go', '--output', 'json'], workspace.root);
    expect(told.code).toBe(0);
    expect(doneIn(told.stdout)).toMatchObject({ status: 'warn', rows: 0 });
    expect(doneIn(told.stdout)?.message).toMatch(
      /^nothing new; no rows, though the last 5 runs on \w+days around \d\d:\d\d UTC brought some \(107 to 135\); the 1 file that matches was read before, the newest of \d{4}-\d\d-\d\d \d\d:\d\d UTC$/,
    );
    expect(doneIn(told.stdout)?.codes).toEqual(['nothing_new', 'silent']);
    const report = await hygge(['report', '--out', '-'], workspace.root);
    expect(report.stdout).toContain('No rows in till.till, although there always were some before.');
    const advice = advised(report.stdout).filter(([command]) => command !== 'report');
    expect(advice.map((words) => words.slice(0, 2).join(' '))).toEqual(['preview till.till', 'status --check', 'debug -e']);
    for (const words of advice) expect([words.join(' '), (await hygge(words, workspace.root)).code]).toEqual([words.join(' '), 0]);
    workspace.write({ 'data/b.csv': 'id\n2\n' });
    expect(doneIn((await hygge(['go', '--output', 'json'], workspace.root)).stdout)?.status).toBe('pass');
    expect((await hygge(['report', '--out', '-'], workspace.root)).stdout).not.toContain('always were some');
  });

  it('by watermark tells rows that were not read from a source with nothing newer', async () => {
    const flow = (lag: string) => `home: data/*.csv\nstore: lake\nrun_type: incremental\nwatermark: { column: at, lag: ${lag} }\n`;
    using workspace = new TestWorkspace({ 'flows/till/flow.yml': flow('1m') });
    workspace.write({ 'data/a.csv': 'id,at\n1,2026-01-01T08:00:00\n' });
    await hygge(['go'], workspace.root);
    await withHistory(workspace);
    const settled = readFileSync(workspace.path('.hygge/state/till/till.state.yml'), 'utf8');
    expect(doneIn((await hygge(['go', '--output', 'json'], workspace.root)).stdout)?.message).toMatch(
      /the source has no row newer than 2026-01-01T08:00:00, \d+ d ago$/,
    );
    // What is held back by a long lag is there, and was not read.
    const soon = new Date(Date.now() - dayMs).toISOString().slice(0, 19);
    workspace.write({ 'data/b.csv': `id,at\n2,${soon}\n3,${soon}\n`, 'flows/till/flow.yml': flow('30d') });
    writeFileSync(workspace.path('.hygge/state/till/till.state.yml'), settled);
    expect(doneIn((await hygge(['go', '--output', 'json'], workspace.root)).stdout)?.message).toMatch(
      /(2 )?rows above 2026-01-01T08:00:00 are there and were not read; the newest at is /,
    );
  });

  it('of a full load of an emptied source says so beside the rows that went', async () => {
    using workspace = new TestWorkspace({ 'flows/till/flow.yml': 'home: data/*.csv\nstore: lake\n' });
    workspace.write({ 'data/a.csv': 'id\n1\n' });
    await hygge(['go'], workspace.root);
    await withHistory(workspace);
    workspace.write({ 'data/a.csv': 'id\n' });
    const done = doneIn((await hygge(['go', '--output', 'json'], workspace.root)).stdout);
    expect(done).toMatchObject({ status: 'warn', codes: ['emptied', 'silent'] });
    expect(done?.message).toMatch(/^the source has no rows: the 1 row that was settled is gone .*; no rows, though the last 5 runs on /);
  });

  it('says nothing where it runs again soon, where rows come on some days, and in a dry run', async () => {
    using workspace = new TestWorkspace({ 'flows/till/flow.yml': 'home: data/*.csv\nstore: lake\nrun_type: incremental\n' });
    workspace.write({ 'data/a.csv': 'id\n1\n' });
    await hygge(['go'], workspace.root);
    expect(doneIn((await hygge(['go', '--output', 'json'], workspace.root)).stdout)?.status).toBe('skip');
    await withHistory(workspace, (ago) => ago % 2);
    expect((await hygge(['go', '--dry-run', '--output', 'json'], workspace.root)).stdout).not.toContain('silent');
    expect(doneIn((await hygge(['go', '--output', 'json'], workspace.root)).stdout)?.status).toBe('skip');
  });
});
