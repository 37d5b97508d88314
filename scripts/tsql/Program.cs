// Reads a file of T-SQL by Microsoft's own grammar, of SQL Server 2016 or of Fabric's Warehouse, and writes what it does not take.
using System.Text.Json;
using Microsoft.SqlServer.TransactSql.ScriptDom;

using var text = new StreamReader(args[0]);
TSqlParser parser = args[1] == "fabric" ? new TSqlFabricDWParser(initialQuotedIdentifiers: true) : new TSql130Parser(initialQuotedIdentifiers: true);
parser.Parse(text, out var errors);
Console.WriteLine(JsonSerializer.Serialize(errors.Select(error => $"{error.Line}:{error.Column} {error.Message}")));
