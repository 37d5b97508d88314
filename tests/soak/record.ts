import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', '..', 'bench', 'results');
const path = join(folder, 'soak.md');

/** Keeps the last result of each proof in bench/results/soak.md. */
export function record(what: string, came: string): void {
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
  writeFileSync(
    path,
    ['# Soak: the last result of each proof', '', '| proof | when | what came of it |', '| --- | --- | --- |', ...rows, ''].join('\n'),
  );
}
