/** A home that masks personal data, so that no later step sees it. */

import { hidden, type Mask, type MaskedEntity, maskedError, maskedFrame, maskedSchema, maskFingerprint } from '../../frames/polish/mask.ts';
import { defined } from '../../ports/values.ts';
import { type Home, isFrame } from '../contracts/home.ts';

/** The home as all other code uses it. The values of masked columns never leave it, neither in rows nor in rejected rows or errors. */
export function maskedHome(home: Home, mask: Mask, of: MaskedEntity): Home {
  const hushed = <T>(work: () => Promise<T>): Promise<T> =>
    work().catch((error: unknown) => {
      throw maskedError(error, mask);
    });
  const { files, system, oneNumber, copied } = home;
  return {
    reading: home.reading,
    place: home.place,
    // The mask is part of the condition, because values that settled with another mask can’t be compared with values of this mask.
    rowCondition: `${home.rowCondition} mask ${maskFingerprint(mask)}`.trimStart(),
    ...defined({
      files: files && { isOne: files.isOne, newest: () => hushed(() => files.newest()), planned: () => hushed(() => files.planned()) },
      copied: copied && { refresh: (...given: Parameters<typeof copied.refresh>) => hushed(() => copied.refresh(...given)) },
    }),
    describe: (...given) =>
      hushed(async () => {
        const step = await home.describe(...given);
        return 'done' in step && step.done.schema ? { done: { ...step.done, schema: maskedSchema(step.done.schema, mask, of) } } : step;
      }),
    bound: (...given) => hushed(() => home.bound(...given)),
    future: (...given) => hushed(() => home.future(...given)),
    nulls: (...given) => hushed(() => home.nulls(...given)),
    plan: (...given) => hushed(() => home.plan(...given)),
    // The system itself has the unmasked values. So its sums differ from the sums of the settled rows, and it does not know the masked keys.
    ...(system === undefined
      ? {}
      : { system: { count: (...given) => hushed(() => system.count(...given)), hasAnyOf: async () => false, sums: { by: 'none' } } }),
    ...(oneNumber === undefined ? {} : { oneNumber: (...given) => hushed(() => oneNumber.apply(home, given)) }),
    async *read(...given) {
      try {
        for await (const item of home.read(...given)) {
          if (isFrame(item)) yield await maskedFrame(item, mask, of);
          else if ('rejected' in item) yield { ...item, rejected: item.rejected.map((row) => ({ ...row, text: hidden })) };
          else yield item;
        }
      } catch (error) {
        throw given[3].aborted ? error : maskedError(error, mask);
      }
    },
    [Symbol.asyncDispose]: async () => home[Symbol.asyncDispose](),
  };
}
