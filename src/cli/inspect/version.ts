import { createRequire } from 'node:module';
import { version as ownVersion } from '../../assembly/version.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import { polars } from '../../frames/native.ts';
import { type VersionTold, versionLines } from '../../narrate/commands/version-lines.ts';
import { ownFolder } from '../../pack/home.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';

/** `hygge version`: shows the version of hygge. With `--verbose`, the versions of its parts are shown too, and the names of missing parts. The command needs no workspace. */
export async function version(flags: CommonFlags, surroundings: Surroundings): Promise<number> {
  const told: VersionTold = { hygge: ownVersion, ...(flags.verbose || flags.output === 'json' ? await underneath() : {}) };
  printAnswer(surroundings, flags, { rows: [told], lines: (palette) => versionLines(told, palette) });
  return told.engine?.problem ? exit.failed : exit.ok;
}

async function underneath(): Promise<Omit<VersionTold, 'hygge'>> {
  return {
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    folder: ownFolder(),
    engine: await found('nodejs-polars', polars),
    duckdb: await found('@duckdb/node-api', () => import('@duckdb/node-api')),
  };
}

async function found(name: string, load: () => Promise<unknown>): Promise<NonNullable<VersionTold['engine']>> {
  try {
    await load();
    return { name, version: installedVersion(name), problem: null };
  } catch (error) {
    const why = error instanceof HyggeError ? (error.why[0] ?? error.what) : (String((error as Error).message).split('\n')[0] ?? '');
    return { name, version: installedVersion(name), problem: why };
  }
}

function installedVersion(name: string): string | null {
  try {
    return (createRequire(import.meta.url)(`${name}/package.json`) as { version: string }).version;
  } catch {
    return null;
  }
}
