// Reads a file of T-SQL by Microsoft's own grammar, as SQL Server 2016 has it, and writes what it does not take.
using System.Text.Json;
using Microsoft.SqlServer.TransactSql.ScriptDom;

using var text = new StreamReader(args[0]);
new TSql130Parser(initialQuotedIdentifiers: true).Parse(text, out var errors);
Console.WriteLine(JsonSerializer.Serialize(errors.Select(error => $"{error.Line}:{error.Column} {error.Message}")));
