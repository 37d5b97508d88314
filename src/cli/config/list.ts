import { realClock } from '../../adapters/real-clock.ts';
import { type ListedConfig, versionLines } from '../../narrate/commands/config-lines.ts';
import { listVersions } from '../../workspace/versions/versions.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer } from '../terminal/print.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { type ConfigFlags, openVersions } from './place.ts';

/** `hygge config list`: lists the existing versions, the current version first. */
export async function configList(flags: ConfigFlags, surroundings: Surroundings): Promise<number> {
  const { blobs } = await openVersions(flags, surroundings);
  const versions = await listVersions(blobs);
  const rows = versions.map(({ id, current, pushed_at, by, how, message, flows }): ListedConfig => {
    return { version: id, current, pushed_at, by, how, flows, message };
  });
  const now = realClock().now();
  printAnswer(surroundings, flags, { rows, lines: (palette, room) => versionLines(rows, { container: blobs.url, now }, palette, room) });
  return exit.ok;
}
