import { parse } from 'yaml';
import * as z from 'zod';
import { realRandom } from '../../../src/adapters/real-random.ts';
import type { FileSystem } from '../../../src/ports/filesystem.ts';
import { findFilesSystem } from '../../../src/registry.ts';
import { testNetwork } from '../test-network.ts';
import type { LakePlace } from './lake.ts';

/** A folder of a lake as hygge's own filesystem has it, opened by the very config that a flow has. */
export async function treeIn(lake: LakePlace, folder: string): Promise<FileSystem> {
  const written = lake.side(folder).replace(/\$\{(\w+)\}/g, (_, name: string) => lake.env[name] ?? '');
  const { type, path, ...keys } = parse(written) as { type: string; path: string };
  const system = await findFilesSystem(type);
  if (system === undefined) throw new Error(`there is no ${type}`);
  return system.open(z.object(system.keys).parse(keys), path, { random: realRandom(), network: testNetwork });
}
