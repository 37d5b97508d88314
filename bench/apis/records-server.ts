/**
 * An API of one list, in a process of its own: `records-server.ts <lines of JSON> <records of a page>`. Its pages are made before it says on its first line where it is,
 * and it ends with its standard input.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const [, , source = '', size = '10000'] = process.argv;
const lines = readFileSync(source, 'utf8').trimEnd().split('\n');
const pages: Buffer[] = [];
for (let at = 0; at < lines.length; at += Number(size))
  pages.push(Buffer.from(`{"total":${lines.length},"data":[${lines.slice(at, at + Number(size)).join(',')}]}`));
const empty = Buffer.from(`{"total":${lines.length},"data":[]}`);

const server = createServer((request, answer) => {
  const page = Number(new URL(request.url ?? '', 'http://here').searchParams.get('page') ?? 1);
  const body = pages[page - 1] ?? empty;
  answer.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
});
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`));
process.stdin.resume().once('end', () => process.exit(0));
