/** Parquet into the tables of a server and out of them again by hygge, with many tables over a small pool; what came back is compared by hashes of its columns. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parquetRows } from '../data.ts';
import { fingerprint } from '../duck.ts';
import { hygge, workspace } from '../workspace.ts';

export interface IntegrationServer extends AsyncDisposable {
  /** What it says of itself. */
  readonly version: string;
  /** Of whom none of this says anything; undefined: it is the real one. */
  readonly standsFor?: string;
  /** That it holds without an effort. */
  readonly rows: number;
  /** A connection of hygge's, as a workspace has it; its password comes from HYGGE_INTEGRATION_PASSWORD. */
  readonly connection: Readonly<Record<string, unknown>>;
  readonly password: string;
  /** What the home of a table needs beside it, so that types come back as they went. */
  readonly home: Readonly<Record<string, unknown>>;
  readonly store: Readonly<Record<string, unknown>>;
  /** How many connections of hygge's the server has, by its own view. */
  connections(): Promise<number>;
  /** Connections that the server takes for hygge's, until they are disposed of. */
  hold(connections: number): Promise<AsyncDisposable>;
}

export interface Stage {
  readonly tables: number;
  readonly rows: number;
  readonly pool: number;
}

export interface StageResult extends Stage {
  /** The most connections that the server had, and how often it was asked. */
  readonly most: number;
  readonly looks: number;
  readonly seconds: { readonly up: number; readonly down: number };
}

/** @param rows of all tables of a stage together. */
export const stagesOf = (rows: number): readonly Stage[] =>
  [
    { tables: 1, pool: 5 },
    { tables: 10, pool: 3 },
    { tables: 40, pool: 5 },
  ].map(({ tables, pool }) => ({ tables, pool, rows: Math.round(rows / tables) }));

/** Between two looks at the connections. Short runs are looked at as well. */
const lookEveryMs = 200;

export async function integrate(server: IntegrationServer, { tables, rows, pool }: Stage, folder: string): Promise<StageResult> {
  const names = Array.from({ length: tables }, (_, n) => `t${tables}_${n}`);
  const sources = await Promise.all(
    names.map((name, n) => parquetRows(join(folder, 'in', name, 'rows.parquet'), n * rows, (n + 1) * rows)),
  );
  const entities = JSON.stringify(names);
  const connection = JSON.stringify({ ...server.connection, pool_size: pool });
  const side = (more: Readonly<Record<string, unknown>>) => JSON.stringify({ connection: 'there', ...more });
  await using space = await workspace(folder, {
    'hygge.yml': `name: integration\nconnections: { there: ${connection} }\noptions: { concurrency: ${tables} }\n`,
    'flows/up/flow.yml': `home: { path: ${JSON.stringify(join(folder, 'in'))} }\nstore: ${side(server.store)}\nentities: ${entities}\n`,
    'flows/down/flow.yml': `home: ${side({ table: '{entity}', ...server.home })}\nstore: lake\nentities: ${entities}\n`,
  });
  const run = (...args: readonly string[]) => ran(args, space.folder, { HYGGE_INTEGRATION_PASSWORD: server.password });
  const counting = watched(server);
  const seconds = { up: 0, down: 0 };
  try {
    for (const flow of ['up', 'down'] as const) {
      const startedAt = performance.now();
      await run('go', '-f', flow);
      seconds[flow] = (performance.now() - startedAt) / 1000;
    }
  } finally {
    await counting.end();
  }
  const { most, looks } = await counting.end();
  if (most < 1) throw new Error(`the server was asked ${looks} times and never saw a connection of hygge's`);
  if (most > pool) throw new Error(`the server saw ${most} connections of hygge's, over a pool of ${pool}`);
  for (const [n, name] of names.entries()) {
    const [went, came] = [await fingerprint(sources[n] ?? ''), await fingerprint(join(space.lake, name, '*.parquet'))];
    if (JSON.stringify(went) !== JSON.stringify(came))
      throw new Error(`${name} came back as another table:\n${JSON.stringify(went)}\n${JSON.stringify(came)}`);
  }
  await debugged(server, pool, () => run('debug'));
  return { tables, rows, pool, most, looks, seconds };
}

/** Beside those that somebody else has, `hygge debug` counts its own. */
async function debugged(server: IntegrationServer, pool: number, debug: () => Promise<string>): Promise<void> {
  const others = 3;
  await using _held = await server.hold(others);
  const counting = watched(server);
  const said = await debug().finally(() => counting.end());
  const { most } = await counting.end();
  const counts = [...said.matchAll(/\bhas (\d+) connections/g)].map(([, n]) => Number(n));
  const most_ = Math.max(...counts);
  if (counts.length === 0) throw new Error(`debug counts no connections:\n${said}`);
  if (Math.min(...counts) <= others || most_ > others + pool || most > others + pool)
    throw new Error(
      `next to ${others} of others debug counts ${counts.join(', ')} connections over a pool of ${pool}; the server has ${most}`,
    );
}

function watched(server: IntegrationServer): { end(): Promise<{ readonly most: number; readonly looks: number }> } {
  let [most, looks, isOver] = [0, 0, false];
  const watching = (async () => {
    for (; !isOver; looks++) {
      most = Math.max(most, await server.connections());
      await wait(lookEveryMs);
    }
  })();
  watching.catch(() => undefined);
  return {
    async end() {
      isOver = true;
      await watching;
      return { most, looks };
    },
  };
}

function ran(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [hygge, ...args], { cwd, env: { ...process.env, NO_COLOR: '1', ...env } });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(said);
      else reject(new Error(`hygge ${args.join(' ')} ended with ${signal ?? code}:\n${said}`));
    });
  });
}
