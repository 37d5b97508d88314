/** `npm pack` in the clone would pack what npm installs for developers, three times as large, under the same name. */
process.stderr.write(`npm pack makes no package of hygge: it would take everything that this clone is built with.
Try this: npm run package
`);
process.exitCode = 1;
