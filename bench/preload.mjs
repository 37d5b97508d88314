/** Loaded into a measured process before anything else: at its end it tells its largest memory, its processor time and what its fsyncs took. */
import fs, { readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

let fsyncs = 0;
let fsyncMs = 0;
let underWay = 0;
let since = 0;

function begin() {
  fsyncs += 1;
  if (underWay === 0) since = performance.now();
  underWay += 1;
}

function end() {
  underWay -= 1;
  if (underWay === 0) fsyncMs += performance.now() - since;
}

for (const name of ['fsync', 'fdatasync']) {
  const original = fs[name];
  fs[name] = (fd, callback) => {
    begin();
    original(fd, (...results) => {
      end();
      callback(...results);
    });
  };
  const synchronous = fs[`${name}Sync`];
  fs[`${name}Sync`] = (fd) => {
    begin();
    try {
      synchronous(fd);
    } finally {
      end();
    }
  };
}
syncBuiltinESMExports();

const handle = await open(process.execPath, 'r');
const prototype = Object.getPrototypeOf(handle);
await handle.close();
for (const name of ['sync', 'datasync']) {
  const original = prototype[name];
  prototype[name] = async function timed() {
    begin();
    try {
      return await original.call(this);
    } finally {
      end();
    }
  };
}

process.on('exit', () => {
  writeFileSync(
    process.env.HYGGE_BENCH_REPORT,
    JSON.stringify({ peakBytes: peakBytes(), cpuMs: cpuMs(), readBytes: readBytes(), fsyncs, fsyncMs }),
  );
});

/** By all calls that read, whether the disk or its cache answered. The program itself is some megabytes of it. */
function readBytes() {
  if (process.platform !== 'linux') return null;
  const found = /^rchar: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'));
  return found === null ? null : Number(found[1]);
}

/** With that of programs that it called and that have ended: a rival may be one. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + childrenMs();
}

function childrenMs() {
  if (process.platform !== 'linux') return 0;
  const behindName = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1).split(' ');
  // In hundredths of a second, on every Linux that Node runs on.
  return (Number(behindName[13]) + Number(behindName[14])) * 10;
}

/** ru_maxrss would count the memory of whoever forked this process; the kernel's own mark of this program does not. */
function peakBytes() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const found = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return found === null ? null : Number(found[1]) * 1024;
}
