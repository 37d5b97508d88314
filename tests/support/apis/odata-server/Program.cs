using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OData;
using Microsoft.AspNetCore.OData.Deltas;
using Microsoft.AspNetCore.OData.Extensions;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Routing.Controllers;
using Microsoft.OData.Edm;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddControllers().AddOData(options =>
{
    options.EnableQueryFeatures(10_000).AddRouteComponents("odata", Model.Build());
    options.TimeZone = TimeZoneInfo.Utc;
});
var app = builder.Build();
app.Use(async (context, next) =>
{
    Shop.Requests.Add($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {context.Request.Headers["Prefer"]}");
    await next();
});
app.MapControllers();
app.MapGet("/ready", () => "ready");
app.MapGet("/requests", () => Shop.TakeRequests());
app.MapPost("/samples", (int n) => { lock (Shop.Gate) Shop.FillSamples(n); });
app.MapPost("/lines", (int n) => { lock (Shop.Gate) Shop.FillLines(n); });
app.MapPost("/customers", (Customer customer) => { lock (Shop.Gate) Shop.Put(customer); });
app.MapPost("/customers/remove", (int id) => { lock (Shop.Gate) Shop.Remove(id); });
app.MapPost("/customers/expire", () => { lock (Shop.Gate) Shop.OldestToken = Shop.Changes.Count; });
// Like a service that tells of a changed record what changed of it, and no more.
app.MapPost("/customers/partial", (bool on) => { Shop.IsPartial = on; });
app.MapPost("/reset", () => { lock (Shop.Gate) Shop.Reset(); });
await app.StartAsync();
Console.WriteLine(app.Urls.First());
// Ends with its parent, which holds the other end of its input.
await Console.In.ReadToEndAsync();

public static class Shop
{
    public static readonly object Gate = new();
    public static readonly System.Collections.Concurrent.ConcurrentBag<string> Requests = [];
    public static List<Sample> Samples = [];
    public static List<Line> Lines = [];
    public static SortedDictionary<int, Customer> Customers = [];
    /// <summary>The key of each customer that changed, in the order of the changes. A token is a number of changes.</summary>
    public static List<int> Changes = [];
    public static int OldestToken;
    public static bool IsPartial;

    public static string[] TakeRequests()
    {
        var all = Requests.Reverse().ToArray();
        Requests.Clear();
        return all.Where(one => one.Contains("/odata")).ToArray();
    }

    public static void Reset()
    {
        (Samples, Lines, Customers, Changes, OldestToken, IsPartial) = ([], [], [], [], 0, false);
        Requests.Clear();
    }

    public static void Put(Customer customer)
    {
        Customers[customer.ID] = customer;
        Changes.Add(customer.ID);
    }

    public static void Remove(int id)
    {
        Customers.Remove(id);
        Changes.Add(id);
    }

    public static void FillLines(int n)
    {
        Lines = Enumerable.Range(0, n).Select(i => new Line { Order = $"O'{i / 3}", Position = i % 3, Text = i % 2 == 0 ? null : $"line {i}" }).ToList();
    }

    public static void FillSamples(int n)
    {
        var begin = new DateTimeOffset(2026, 1, 31, 8, 0, 0, TimeSpan.Zero);
        Samples = Enumerable.Range(1, n).Select(i =>
        {
            var isFull = i % 2 == 1;
            return new Sample
            {
                ID = i,
                Token = new Guid(i, 0, 0, new byte[8]),
                OtherToken = isFull ? new Guid(0, 0, (short)i, new byte[8]) : null,
                Flag = isFull,
                OtherFlag = isFull ? false : null,
                Small = (byte)(i % 256),
                Signed = (sbyte)(-i % 128),
                Short = (short)-i,
                Long = 9_007_199_254_740_993L + i,
                OtherLong = isFull ? long.MinValue + i : null,
                Single = 0.1f,
                Double = i == 3 ? double.PositiveInfinity : i == 5 ? double.NaN : 0.1 + i,
                Price = 123_456_789_012_345.6789m - i,
                AnyDecimal = isFull ? 1.10m : null,
                Text = isFull ? $"ü \"{i}\" 😀" : null,
                Bytes = isFull ? [0xfb, 0xff, (byte)i] : null,
                Day = new Date(2026, 2, 1 + i % 28),
                OtherDay = isFull ? new Date(1999, 12, 31) : null,
                Changed = begin.AddMilliseconds(i * 60_001L),
                OtherTime = isFull ? begin.AddTicks(1234567) : null,
                Clock = new TimeOfDay(23, 59, i % 60, 125),
                Took = TimeSpan.FromSeconds(90_061.5 + i),
                Color = i % 3 == 0 ? Color.Blue : Color.Red,
                OtherColor = isFull ? Color.Green : null,
                Home = isFull ? new Address { Street = $"street {i}", Number = i } : null,
                Tags = isFull ? ["a", $"b{i}"] : [],
                Places = isFull ? [new Address { Street = "s", Number = null }] : [],
            };
        }).ToList();
    }
}

public class SamplesController : ODataController
{
    [EnableQuery(PageSize = 1000)]
    public IQueryable<Sample> Get() { lock (Shop.Gate) return Shop.Samples.ToArray().AsQueryable(); }
}

public class LinesController : ODataController
{
    [EnableQuery(PageSize = 1000)]
    public IQueryable<Line> Get() { lock (Shop.Gate) return Shop.Lines.ToArray().AsQueryable(); }
}

/// <summary>Pages by key, whose last one has a delta link, and the changes since such a link.</summary>
public class CustomersController : ODataController
{
    public IActionResult Get(ODataQueryOptions<Customer> options)
    {
        lock (Shop.Gate)
        {
            var query = Request.Query;
            var size = PageSize();
            if (query.TryGetValue("$deltatoken", out var token)) return Changed(token.ToString().Split('.').Select(int.Parse).ToArray(), size);
            var prefers = Request.Headers["Prefer"].ToString();
            var isTracked = prefers.Contains("odata.track-changes") || query.ContainsKey("tracked");
            if (!isTracked) return Ok(options.ApplyTo(Shop.Customers.Values.ToArray().AsQueryable(), new ODataQuerySettings { PageSize = size }));
            Response.Headers.Append("Preference-Applied", "odata.track-changes");
            var (after, since) = (int.MinValue, Shop.Changes.Count);
            if (query.TryGetValue("from", out var from))
                (after, since) = (int.Parse(from.ToString().Split('.')[0], CultureInfo.InvariantCulture), int.Parse(from.ToString().Split('.')[1]));
            var page = Shop.Customers.Values.Where(one => one.ID > after).Take(size).ToArray();
            var feature = Request.ODataFeature();
            if (page.Length == size && page[^1].ID < Shop.Customers.Keys.Last())
                feature.NextLink = Link($"tracked=1&from={page[^1].ID}.{since}");
            else feature.DeltaLink = Link($"$deltatoken={since}");
            return Ok(page);
        }
    }

    private IActionResult Changed(int[] token, int size)
    {
        if (token[0] < Shop.OldestToken) return StatusCode(410, new { error = new { code = "410", message = "The delta token has expired." } });
        // What a page leads to goes on to where the changes ended when they were first asked for.
        var until = token.Length > 1 ? token[1] : Shop.Changes.Count;
        var ids = Shop.Changes.Skip(token[0]).Take(Math.Min(size, until - token[0])).ToArray();
        var set = new DeltaSet<Customer>();
        foreach (var id in ids)
        {
            if (Shop.Customers.TryGetValue(id, out var customer))
            {
                var delta = new Delta<Customer>();
                delta.TrySetPropertyValue("ID", customer.ID);
                delta.TrySetPropertyValue("Name", customer.Name);
                if (!Shop.IsPartial)
                {
                    delta.TrySetPropertyValue("Balance", customer.Balance);
                    delta.TrySetPropertyValue("Changed", customer.Changed);
                }
                set.Add(delta);
            }
            else
            {
                var gone = new DeltaDeletedResource<Customer> { Id = new Uri($"{Request.Scheme}://{Request.Host}/odata/Customers({id})"), Reason = Microsoft.OData.DeltaDeletedEntryReason.Deleted };
                gone.TrySetPropertyValue("ID", id);
                set.Add(gone);
            }
        }
        var end = token[0] + ids.Length;
        var feature = Request.ODataFeature();
        if (end < until) feature.NextLink = Link($"$deltatoken={end}.{until}");
        else feature.DeltaLink = Link($"$deltatoken={end}");
        return Ok(set);
    }

    private int PageSize()
    {
        var found = System.Text.RegularExpressions.Regex.Match(Request.Headers["Prefer"].ToString(), @"odata\.maxpagesize=(\d+)");
        return found.Success ? int.Parse(found.Groups[1].Value) : 1000;
    }

    private Uri Link(string query) => new($"{Request.Scheme}://{Request.Host}/odata/Customers?{query}");
}
