using System.ComponentModel.DataAnnotations;
using Microsoft.OData.Edm;
using Microsoft.OData.ModelBuilder;

public enum Color { Red = 1, Green = 2, Blue = 4 }

public class Address
{
    public string? Street { get; set; }
    public int? Number { get; set; }
}

/// <summary>Every type that the library writes. Half of the rows have nulls where a null may be.</summary>
public class Sample
{
    [Key] public int ID { get; set; }
    public Guid Token { get; set; }
    public Guid? OtherToken { get; set; }
    public bool Flag { get; set; }
    public bool? OtherFlag { get; set; }
    public byte Small { get; set; }
    public sbyte Signed { get; set; }
    public short Short { get; set; }
    public long Long { get; set; }
    public long? OtherLong { get; set; }
    public float Single { get; set; }
    public double Double { get; set; }
    public decimal Price { get; set; }
    public decimal? AnyDecimal { get; set; }
    public string? Text { get; set; }
    public byte[]? Bytes { get; set; }
    public Date Day { get; set; }
    public Date? OtherDay { get; set; }
    public DateTimeOffset Changed { get; set; }
    public DateTimeOffset? OtherTime { get; set; }
    public TimeOfDay Clock { get; set; }
    public TimeSpan Took { get; set; }
    public Color Color { get; set; }
    public Color? OtherColor { get; set; }
    public Address? Home { get; set; }
    public List<string> Tags { get; set; } = [];
    public List<Address> Places { get; set; } = [];
    public Customer? Customer { get; set; }
}

/// <summary>Two columns are the key of it.</summary>
public class Line
{
    [Key] public string Order { get; set; } = "";
    [Key] public int Position { get; set; }
    public string? Text { get; set; }
}

/// <summary>Its changes are tracked.</summary>
public class Customer
{
    [Key] public int ID { get; set; }
    public string? Name { get; set; }
    public long Balance { get; set; }
    public DateTimeOffset Changed { get; set; }
}

public static class Model
{
    public static IEdmModel Build()
    {
        var builder = new ODataConventionModelBuilder { Namespace = "Shop" };
        builder.EntitySet<Sample>("Samples");
        builder.EntitySet<Line>("Lines");
        builder.EntitySet<Customer>("Customers");
        var price = builder.EntityType<Sample>().Property(sample => sample.Price);
        price.Precision = 19;
        price.Scale = 4;
        builder.EntityType<Sample>().Property(sample => sample.Changed).Precision = 3;
        return builder.GetEdmModel();
    }
}
