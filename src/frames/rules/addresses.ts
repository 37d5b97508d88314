/** Recognizes texts that are IP addresses. */

const group = '[0-9A-Fa-f]{1,4}';
const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
export const ipv4 = `${octet}(?:\\.${octet}){3}`;
export const ipv4Pattern = `^${ipv4}$`;

/** Matches IPv6 addresses (RFC 4291). An address has eight groups. `::` may replace one or more groups of zeros, once. The last two groups may be written as an address of version 4. */
export const ipv6Pattern = `^(?:${[...whole(), ...shortened()].join('|')})$`;

function whole(): readonly string[] {
  return [`(?:${group}:){7}${group}`, `(?:${group}:){6}${ipv4}`];
}

/** @returns one pattern for each number of groups before `::`. */
function shortened(): readonly string[] {
  return Array.from({ length: 8 }, (_, before) => {
    const first = before === 0 ? '' : `${group}(?::${group}){${before - 1}}`;
    const most = 7 - before;
    const groups = most === 0 ? '' : `(?:${group}(?::${group}){0,${most - 1}})?`;
    const mixed = most < 2 ? [] : [`(?:${group}:){0,${most - 2}}${ipv4}`];
    return `${first}::(?:${[...mixed, groups].join('|')})`;
  });
}
