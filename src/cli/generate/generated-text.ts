import { basename, dirname, resolve } from 'node:path';
import { realRandom } from '../../adapters/real-random.ts';
import { writeFileInside } from '../../adapters/version-folder.ts';
import { printLines } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';

/** Prints a generated text, or writes it to the file of `--to`. @param next lines about the next steps with the file. */
export async function writeGenerated(
  text: string,
  flags: CommonFlags & { readonly to?: string | undefined },
  surroundings: Surroundings,
  next: (path: string) => readonly string[] = () => [],
): Promise<void> {
  if (flags.to === undefined) {
    surroundings.out.write(text);
    return;
  }
  const path = resolve(surroundings.directory, flags.to);
  await writeFileInside(dirname(path), basename(path), text, realRandom().nonce());
  printLines(surroundings, flags, () => [`Written to ${flags.to}`, ...next(path)]);
}
