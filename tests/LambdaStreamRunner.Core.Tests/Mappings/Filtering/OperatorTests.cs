namespace LambdaStreamRunner.Core.Tests.Mappings.Filtering;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax</summary>
public class OperatorTests
{
    [Theory]
    [InlineData("""["Alice"]""", """ "Alice" """, true)]
    [InlineData("""["Alice"]""", """ "alice" """, false)]
    [InlineData("""["Alice"]""", """ "Alice " """, false)]
    [InlineData("""["Zoë"]""", """ "Zo\u00eb" """, true)]
    [InlineData("""["Zo\u00eb"]""", """ "Zoë" """, true)]
    [InlineData("""["Zoë"]""", """ "Zoe\u0308" """, false)]       // no Unicode normalisation
    [InlineData("""["a\"b\\"]""", """ "a\"b\\" """, true)]
    [InlineData("""["100"]""", """100""", false)]
    [InlineData("""["true"]""", """true""", false)]
    [InlineData("""[""]""", """ "" """, true)]
    [InlineData("""[""]""", """ " " """, false)]
    [InlineData("""[""]""", """null""", false)]
    [InlineData("""["a","b"]""", """ "b" """, true)]
    [InlineData("""["a","b"]""", """ "c" """, false)]
    [InlineData("""[true]""", """true""", true)]
    [InlineData("""[true]""", """false""", false)]
    [InlineData("""[false]""", """false""", true)]
    public void Equality(string pattern, string value, bool passes) => Check(pattern, value, passes);

    [Theory]
    [InlineData("[300]", "300", true)]
    [InlineData("[300]", "300.0", false)]
    [InlineData("[300]", "3e2", false)]
    [InlineData("[300]", "3.0e2", false)]
    [InlineData("[300]", "\"300\"", false)]
    [InlineData("[3.0e2]", "3.0e2", true)]
    [InlineData("[3.0e2]", "300", false)]
    [InlineData("[-0]", "0", false)]
    public void Numbers_are_equal_when_they_are_written_alike(string pattern, string value, bool passes) => Check(pattern, value, passes);

    [Theory]
    [InlineData("null", true)]
    [InlineData("\"null\"", false)]
    [InlineData("0", false)]
    [InlineData("{}", false)]
    public void Null(string value, bool passes) => Check("[null]", value, passes);

    [Theory]
    [InlineData("""{"prefix":"us-"}""", """ "us-east-1" """, true)]
    [InlineData("""{"prefix":"us-"}""", """ "eu-us-" """, false)]
    [InlineData("""{"prefix":"us-"}""", """ "us" """, false)]
    [InlineData("""{"prefix":"us-"}""", """ "\u0075s-west" """, true)]
    [InlineData("""{"prefix":"1"}""", """12""", false)]
    [InlineData("""{"prefix":""}""", """ "x" """, true)]
    [InlineData("""{"suffix":".png"}""", """ "a.png" """, true)]
    [InlineData("""{"suffix":".png"}""", """ "a.PNG" """, false)]
    [InlineData("""{"suffix":".png"}""", """ "a\u002epng" """, true)]
    [InlineData("""{"suffix":"é"}""", """ "caf\u00e9" """, true)]
    [InlineData("""{"equals-ignore-case":"alice"}""", """ "ALICE" """, true)]
    [InlineData("""{"equals-ignore-case":"alice"}""", """ "Alice" """, true)]
    [InlineData("""{"equals-ignore-case":"alice"}""", """ "Alic" """, false)]
    [InlineData("""{"equals-ignore-case":"alice"}""", """ "Alicea" """, false)]
    [InlineData("""{"equals-ignore-case":"ZOË"}""", """ "zo\u00eb" """, true)]
    [InlineData("""{"equals-ignore-case":"alice"}""", """1""", false)]
    public void Parts_and_cases_of_texts(string item, string value, bool passes) => Check($"[{item}]", value, passes);

    [Theory]
    [InlineData("""["=",100]""", "100", true)]
    [InlineData("""["=",100]""", "1e2", true)]
    [InlineData("""["=",100]""", "100.00", true)]
    [InlineData("""["=",100]""", "100.01", false)]
    [InlineData("""[">",10,"<=",20]""", "10", false)]
    [InlineData("""[">",10,"<=",20]""", "10.5", true)]
    [InlineData("""[">",10,"<=",20]""", "20", true)]
    [InlineData("""[">",10,"<=",20]""", "20.1", false)]
    [InlineData("""[">",10,"<=",20]""", "\"15\"", false)]
    [InlineData("""[">=",10,"<",20]""", "10", true)]
    [InlineData("""[">=",10,"<",20]""", "20", false)]
    [InlineData("""["<",-1.5e3]""", "-1500.5", true)]
    [InlineData("""[">",1e300]""", "1e999", true)]
    [InlineData("""[">=",0]""", "true", false)]
    [InlineData("""[">=",0]""", "null", false)]
    public void Numeric(string range, string value, bool passes) => Check($$$"""[{"numeric":{{{range}}}}]""", value, passes);

    [Theory]
    [InlineData("""["x","y"]""", """ "z" """, true)]
    [InlineData("""["x","y"]""", """ "y" """, false)]
    [InlineData("\"x\"", """ "x" """, false)]
    [InlineData("\"x\"", "5", true)]
    [InlineData("\"x\"", "null", true)]
    [InlineData("5", "5", false)]
    [InlineData("5", "5.0", true)]
    [InlineData("[5,6]", "6", false)]
    [InlineData("5", "\"5\"", true)]
    [InlineData("\"x\"", "{\"x\":1}", false)]
    public void Anything_but(string excluded, string value, bool passes) => Check($$$"""[{"anything-but":{{{excluded}}}}]""", value, passes);

    [Fact]
    public void Anything_but_wants_the_field_to_be_there() => Assert.False(Filtered.DataPasses("""{"b":1}""", """{"a":[{"anything-but":"x"}]}"""));

    [Theory]
    [InlineData("true", """{"a":1}""", true)]
    [InlineData("true", """{"a":null}""", true)]
    [InlineData("true", """{"a":""}""", true)]
    [InlineData("true", """{"b":1}""", false)]
    [InlineData("true", """{"a":{"b":1}}""", false)]          // leaves only
    [InlineData("true", """{"a":[]}""", false)]
    [InlineData("true", """{"a":[{"b":1}]}""", false)]
    [InlineData("false", """{"a":1}""", false)]
    [InlineData("false", """{"a":null}""", false)]
    [InlineData("false", """{"b":1}""", true)]
    [InlineData("false", """{"a":{"b":1}}""", true)]
    [InlineData("false", """{"a":[]}""", true)]
    public void Exists(string exists, string data, bool passes) =>
        Assert.Equal(passes, Filtered.DataPasses(data, $$$"""{"a":[{"exists":{{{exists}}}}]}"""));

    [Theory]
    [InlineData("""["x"]""", """["w","x"]""", true)]
    [InlineData("""["x"]""", """["w",["x"]]""", true)]
    [InlineData("""["x"]""", """["w",{"a":"x"}]""", false)]
    [InlineData("""["x"]""", """[]""", false)]
    [InlineData("""[{"anything-but":"x"}]""", """["x","y"]""", true)]
    [InlineData("""[{"anything-but":"x"}]""", """["x"]""", false)]
    [InlineData("""[{"numeric":[">",5]}]""", """[1,2,9]""", true)]
    [InlineData("""[{"exists":false}]""", """[1]""", false)]
    public void Any_item_of_a_list_will_do(string pattern, string value, bool passes) => Check(pattern, value, passes);

    private static void Check(string pattern, string value, bool passes) =>
        Assert.Equal(passes, Filtered.DataPasses($$$"""{"first":[1,{"a":"no"}],"a":{{{value}}},"last":{"a":"no"}}""", $$$"""{"a":{{{pattern}}}}"""));
}
