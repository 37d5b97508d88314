import { describe, expect, it } from 'vitest';
import { scheduleProblem } from '../../src/workspace/schema/schedule.ts';

describe('a schedule that the platform of the function app understands', () => {
  it.each([
    '0 0 2 * * *',
    '*/30 * * * * *',
    '0 0,30 8-18/2 * * mon-fri',
    '0 0 2 1 JAN,july Sunday',
    '0 5/15 * * * *',
    '0 0 2 29 2 *',
    ' 0  0\t2 * * 0-6 ',
    '%CRM_SCHEDULE%',
  ])('%s is one', (written) => {
    expect(scheduleProblem(written)).toBeUndefined();
  });
});

describe('a schedule that only other programs understand', () => {
  it.each([
    ['0 0 2 * * 7', 'Sunday as 0: `0 0 2 * * 0`'],
    ['0 0 2 * * 1,7', 'Sunday as 0: `0 0 2 * * 1,0`'],
    ['0 0 2 * * FRI-SUN', 'ranges that rise: `0 0 2 * * FRI-SAT,SUN`'],
    ['0 0 22-2 * * *', 'ranges that rise: `0 0 22-23,0-2 * * *`'],
    ['0 0 22-2/2 * * *', 'ranges that rise: `0 0 22,0,2 * * *`'],
    ['0 0 2 ? * *', '`*` in place of `?`: `0 0 2 * * *`'],
    ['0 0 2 L * *', 'numbers, names of days or months, and `*` `,` `-` `/`; the function app does not know `L`'],
    ['0 0 2 * * 5L', 'the function app does not know `5L`'],
    ['@daily', 'six cron fields'],
    ['0 0 25 * * *', 'six cron fields, the hour from 0 to 23'],
    ['0 0 2 * * 8', 'six cron fields, the day of the week from 0 (Sunday) to 6'],
    ['0 */0 2 * * *', 'six cron fields, the step of the minute from 1 on'],
    ['0 0, 2 * * *', 'the function app does not know `0,`'],
    ['0 0 2 * * 7-3', 'Sunday as 0: `0 0 2 * * 0-3`'],
    ['0 0 2 * * 1-7/3', 'Sunday as 0: `0 0 2 * * 1,4,0`'],
    ['0 0 2 JAN * *', 'the function app does not know `JAN`'],
    ['0 0 2 * * 0-7', 'Sunday as 0: `0 0 2 * * *`'],
    ['0 0 2 constructor * *', 'the function app does not know `constructor`'],
    ['0 0 2 31 FEB,APR *', 'a day that exists: `31` never occurs in `FEB,APR`'],
  ])('%s is refused, and what to write instead is said', (written, says) => {
    expect(scheduleProblem(written)).toContain(says);
  });
});
