import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesFile, type PackFile, textFile } from './file.ts';
import type { NativePackage } from './natives.ts';

const isLicence = ({ path }: PackFile) => /^(licen[cs]e|notice|copying)([.-][\w.-]*)?$/i.test(path);

/** The list of the bundle's packages, written by the build. */
const bundled = 'dist/functions/THIRD-PARTY-NOTICES.txt';

/** hygge’s own licence, and the licence texts of the packages in the bundle and next to it. A platform part without a licence text has the licence of its package. */
export async function licenceFiles(root: string, packages: readonly NativePackage[]): Promise<readonly PackFile[]> {
  const texts = await Promise.all(packages.map(async (one) => await noticeOf(one, packages)));
  return [
    bytesFile('LICENSE', await readFile(join(root, 'LICENSE'))),
    textFile('THIRD-PARTY-NOTICES.txt', [await readFile(join(root, bundled), 'utf8'), ...texts].join(`\n${'-'.repeat(80)}\n\n`)),
  ];
}

async function noticeOf(one: NativePackage, all: readonly NativePackage[]): Promise<string> {
  const whole = all.find(({ name }) => one.name.startsWith(`${name}-`));
  const own = one.files.filter(isLicence);
  const from = own.length > 0 ? one : whole;
  const files = own.length > 0 ? own : (whole?.files.filter(isLicence) ?? []);
  const texts = await Promise.all(
    files.map(async (file) =>
      Buffer.from(await file.read())
        .toString('utf8')
        .trim(),
    ),
  );
  const manifest = one.files.find(({ path }) => path === 'package.json');
  const { license = 'not stated' } =
    manifest === undefined ? {} : (JSON.parse(Buffer.from(await manifest.read()).toString('utf8')) as { license?: string });
  const source = from === one || from === undefined ? '' : `This is a part of ${from.name}, and has its licence.\n`;
  return `${one.name} ${one.version}\nLicence: ${license}\n${source}\n${texts.join('\n\n')}\n`;
}
