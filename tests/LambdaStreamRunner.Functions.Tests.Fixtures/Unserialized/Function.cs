namespace Unserialized;

public sealed record Order(string Id);

public class Function
{
    public Stream Echo(Stream input) => input;

    public int TakesOrder(Order order) => order.Id.Length;

    public Order GivesOrder(Stream input) => new(input.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public void TakesText(string text) => Console.Out.Flush();
}
