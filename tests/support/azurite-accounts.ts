import { startAzuriteProcess } from './azurite.ts';
import { type Offer, offer } from './offer.ts';

/** More than there are files of tests that ask. */
const accounts = Array.from({ length: 150 }, (_, n) => `account${n + 1}`);

/** Gives each file of tests that asks an account of its own, all in one Azurite, which the first of them starts. */
export function offerAzuriteAccounts(): Promise<Offer> {
  let given = 0;
  return offer(
    () => startAzuriteProcess(accounts),
    ({ pid, origins }) => ({ pid, origins, account: accounts[given++ % accounts.length] }),
  );
}
