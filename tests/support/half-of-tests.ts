import { hash } from 'node:crypto';
import { beforeEach } from 'vitest';
import { day, whole } from './day.ts';
import { isMysql, isTurnOfMariadb } from './mariadb.ts';
import { takesTurns } from './turns.ts';

/** Files with tests that MariaDB never runs: all of them run on MySQL each day. */
const ofMysqlAlone = /[\\/](of-the-server|types|lost-values)\.test\.ts$/;

/**
 * Tests that run on one server each day run on another one as well, MySQL's own or another PostgreSQL: half of them each day, the other half on the next. A
 * test with a seed in its name asks MySQL for another part of its sample than MariaDB, so that it runs on both. Of files that sample their engines, one of
 * the two servers runs the tests with a seed. Files whose tests take turns do so between the two servers.
 */
beforeEach(({ task, skip }) => {
  const names = [task.name];
  for (let suite = task.suite; suite !== undefined; suite = suite.suite) names.push(suite.name);
  if (whole || (isMysql && ofMysqlAlone.test(task.file.filepath))) return;
  const isSeeded = isMysql && names.some((name) => name.includes('SEED='));
  if (isSeeded && isTurnOfMariadb(task.file.filepath)) skip(`on MySQL with another SEED than ${day}; on MariaDB today`);
  if (isSeeded || takesTurns(task.file.filepath)) return;
  // Seeds in names change each day, and would take the same half again.
  const known = names.join(' ').replaceAll(/SEED=\d+/g, '');
  const isOdd = (Number.parseInt(hash('sha256', known).slice(0, 6), 16) + day) % 2 === 1;
  if (isOdd) skip(`on another server with another SEED than ${day}; on the usual one each day`);
});
