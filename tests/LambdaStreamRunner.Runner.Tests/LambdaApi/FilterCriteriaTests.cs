using System.Text.Json;

namespace LambdaStreamRunner.Runner.Tests.LambdaApi;

/// <summary>FilterCriteria over the API (reference 1.4 to 1.6 and 6).</summary>
public class FilterCriteriaTests
{
    private const string Pattern = "{ \"data\" : { \"n\" : [ 1.0 ] } }";

    [Theory]
    [InlineData("not JSON")]
    [InlineData("\"text\"")]
    [InlineData("{\"data\":\"text\"}")]
    [InlineData("{\"data\":{\"n\":[]}}")]
    public async Task A_malformed_pattern_is_refused_in_AWS_s_words(string pattern) =>
        await RefusedAsync([pattern], "Invalid filter pattern definition.");

    [Fact]
    public async Task S_83_six_filters_are_too_many() =>
        await RefusedAsync([.. Enumerable.Range(0, 6).Select(n => $"{{\"data\":{{\"n\":[{n}]}}}}")], Core.Mappings.Filtering.FilterCriteria.TooManyFilters);

    [Fact]
    public async Task A_pattern_comes_back_character_for_character_and_an_empty_list_takes_it_away()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        LambdaReply created = await server.CreateAsync(("FilterCriteria", CriteriaOf(Pattern)));
        string uuid = created.Text("UUID");
        await server.AtRestAsync(uuid);
        LambdaReply cleared = await server.UpdateAsync(uuid, new { FilterCriteria = new { } });

        Assert.Equal(Pattern, created.Json.GetProperty("FilterCriteria").GetProperty("Filters")[0].GetProperty("Pattern").GetString());
        Assert.Equal(202, cleared.Status);
        Assert.False((await server.GetAsync(uuid)).Json.TryGetProperty("FilterCriteria", out JsonElement _));
    }

    private static async Task RefusedAsync(string[] patterns, string message)
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        LambdaReply reply = await server.CreateAsync(("FilterCriteria", CriteriaOf(patterns)));

        Assert.Equal((400, "InvalidParameterValueException", message), (reply.Status, reply.ErrorType, reply.Message));
    }

    private static object CriteriaOf(params string[] patterns) => new { Filters = patterns.Select(pattern => new { Pattern = pattern }) };
}
