import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'results');

const titles = {
  soak: 'Soak: the last result of each proof',
  integration: 'Integration: the last result of each plan against a server',
  servers: 'Servers: the last result of the suites against servers that someone named',
} as const;

/** Keeps the last result of each proof in bench/results. */
export function keep(kind: keyof typeof titles, what: string, came: string): void {
  const path = join(folder, `${kind}.md`);
  mkdirSync(folder, { recursive: true });
  const lines = existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('| ') && !/^\| (proof|---)/.test(line))
    : [];
  const rows = [
    ...lines.filter((line) => !line.startsWith(`| ${what} |`)),
    `| ${what} | ${new Date().toISOString().slice(0, 10)} | ${came} |`,
  ].sort();
  writeFileSync(path, [`# ${titles[kind]}`, '', '| proof | when | what came of it |', '| --- | --- | --- |', ...rows, ''].join('\n'));
}
