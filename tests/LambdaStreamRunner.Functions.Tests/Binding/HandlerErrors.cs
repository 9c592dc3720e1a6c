namespace LambdaStreamRunner.Functions.Tests.Binding;

/// <summary>What a handler throws comes back as Lambda reports it: type, message, and the handler's own frames.</summary>
public class HandlerErrors
{
    [Fact]
    public async Task A_thrown_exception_is_the_result_with_the_handlers_own_frames_only()
    {
        var error = await Fixture.ErrorOf(Fixture.Bind("Handlers::Fixtures.Throwing::AtOnce"), "\"7\"");

        Assert.Equal(("InvalidOperationException", "cannot take 7"), (error.ErrorType, error.ErrorMessage));
        string frame = Assert.Single(error.StackTrace);
        Assert.StartsWith("at Fixtures.Throwing.AtOnce(String text) in ", frame, StringComparison.Ordinal);
        Assert.Contains("Faults.cs:line ", frame, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_after_an_await_names_the_methods_not_their_state_machines()
    {
        var error = await Fixture.ErrorOf(Fixture.Bind("Handlers::Fixtures.Throwing::Later"), "\"7\"");

        Assert.Equal(("FormatException", "line 7 is cut off"), (error.ErrorType, error.ErrorMessage));
        Assert.StartsWith("at Fixtures.Throwing.Deeper(String text) in ", error.StackTrace[0], StringComparison.Ordinal);
        Assert.StartsWith("at Fixtures.Throwing.Later(String text) in ", error.StackTrace[1], StringComparison.Ordinal);
        Assert.True(error.StackTrace.Length == 2, error.ToString());
    }

    [Theory]
    [InlineData("Wrapped", "KeyNotFoundException", "no such key")]
    [InlineData("Blocking", "FormatException", "line 7 is cut off")]
    public async Task Wrappers_of_tasks_and_reflection_are_taken_off(string method, string type, string message)
    {
        var error = await Fixture.ErrorOf(Fixture.Bind($"Handlers::Fixtures.Throwing::{method}"), "\"7\"");

        Assert.Equal((type, message), (error.ErrorType, error.ErrorMessage));
    }

    [Fact]
    public async Task An_exception_whose_message_throws_is_an_error_of_the_function_like_any_other()
    {
        var error = await Fixture.ErrorOf(Fixture.Bind("Handlers::Fixtures.Throwing::Unreadable"), "\"7\"");

        Assert.Equal(("UnreadableException", "The message of UnreadableException cannot be read: it throws InvalidOperationException."), (error.ErrorType, error.ErrorMessage));
    }

    [Fact]
    public async Task Code_that_the_handler_compiles_does_not_hide_the_frames_below_it()
    {
        var error = await Fixture.ErrorOf(Fixture.Bind("Handlers::Fixtures.Throwing::ByCompiledCode"), "\"7\"");

        Assert.StartsWith("at Fixtures.Throwing.Deeper(String text) in ", error.StackTrace[0], StringComparison.Ordinal);
        Assert.StartsWith("at Fixtures.Throwing.ByCompiledCode(String text) in ", error.StackTrace[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cause_comes_along()
    {
        var error = await Fixture.ErrorOf(Fixture.Bind("Handlers::Fixtures.Throwing::WithCause"), "\"7\"");

        Assert.Equal(("FormatException", "inner"), (error.Cause!.ErrorType, error.Cause.ErrorMessage));
        Assert.Contains("InvalidOperationException: outer", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("---> FormatException: inner", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_that_the_serializer_cannot_read_is_an_error_of_the_function()
    {
        var error = await Fixture.ErrorOf(Fixture.Bind("Handlers::Fixtures.Signatures::Number"), "\"not a number\"");

        Assert.Equal("JsonException", error.ErrorType);
    }

    [Fact]
    public async Task A_handler_that_returns_no_task_is_told_so()
    {
        var error = await Fixture.ErrorOf(Fixture.Bind("Handlers::Fixtures.Signatures::NoTask"), "{}");

        Assert.Equal("The handler returned null instead of a task.", error.ErrorMessage);
    }

    [Fact]
    public async Task An_answer_over_six_megabytes_is_an_error_of_the_function()
    {
        var error = await Fixture.ErrorOf(Fixture.Bind("Handlers::Fixtures.Throwing::Huge"), "{}");

        Assert.Equal("Function.ResponseSizeTooLarge", error.ErrorType);
    }
}
