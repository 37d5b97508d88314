import { hash } from 'node:crypto';
import { beforeEach } from 'vitest';
import { day, whole } from './day.ts';
import { isTurnOfMariadb } from './mariadb.ts';

/** Files with tests that MariaDB never runs: all of them run on MySQL each day. */
const ofMysqlAlone = /[\\/](of-the-server|types|lost-values)\.test\.ts$/;

/**
 * Tests that run on MariaDB run on MySQL's own server as well: half of them each day, the other half on the next. A test with a seed in its name asks MySQL
 * for another part of its sample than MariaDB, so that it runs on both.
 */
beforeEach(({ task, skip }) => {
  const names = [task.name];
  for (let suite = task.suite; suite !== undefined; suite = suite.suite) names.push(suite.name);
  if (whole || ofMysqlAlone.test(task.file.filepath)) return;
  if (names.some((name) => name.includes('SEED='))) {
    if (isTurnOfMariadb(task.file.filepath)) skip(`on MySQL with another SEED than ${day}; on MariaDB today`);
    return;
  }
  const isOdd = (Number.parseInt(hash('sha256', names.join(' ')).slice(0, 6), 16) + day) % 2 === 1;
  if (isOdd) skip(`on MySQL with another SEED than ${day}; on MariaDB each day`);
});
