using System.Globalization;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Host.Measuring;
using LambdaStreamRunner.Host.Tests.Measuring;
using LambdaStreamRunner.Host.Verifying;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Tests.Verifying;

/// <summary>Real time, since that is what is predicted: a function is measured, its runs are simulated, and then run by the real runner. Nothing else runs meanwhile.</summary>
[Collection(nameof(UndisturbedRuns))]
public class PredictionTests(ITestOutputHelper output)
{
    private const double ErrorMax = 0.15;

    // .ci/soak takes longer, so that chance counts less.
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(
        double.Parse(Environment.GetEnvironmentVariable("LAMBDA_STREAM_PREDICTION_SECONDS") ?? "6", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("Paced::Compute", 300)]
    [InlineData("Paced::Sleep", 600)]
    [InlineData("Paced::Contend", 600)]
    public async Task A_run_of_a_measured_function_is_predicted_within_15_percent(string handler, double perSecond)
    {
        using LoadedFunction function = await OddFunction.LoadAsync(handler);
        SampleRecords samples = SampleRecords.Generate();
        var measuring = new MeasuringPlan { BatchSizes = [1, 5, 10, 25, 50], Concurrencies = [1, 2, 4], Budget = Length * 0.8, ColdStarts = 0 };
        MeasuringResult measured = await new HandlerMeasuring(function, samples, measuring, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);
        output.WriteLine($"{HandlerModelExpression.Write(measured.Fit.Model)}, {measured.Fit.Error}, {string.Join(", ", measured.Fit.Model.SlowDowns)}");
        var setting = new TunedSetting(2, new EventSourceMapping { BatchSize = 50, ParallelizationFactor = 2, Polling = PollingMode.Aws });
        var verifier = new Verifier(
            function, samples, new PoissonTraffic(perSecond, Length), new VerificationPlan { Handler = measured.Fit.Model, Length = Length });

        Verification verification = await verifier.VerifyAsync([setting], TestContext.Current.CancellationToken);

        foreach (VerifiedRun run in verification.Runs)
        {
            output.WriteLine($"{run.Clock}: KS {run.KolmogorovSmirnov:0.###}");
            foreach (VerifiedFigure figure in run.Figures)
                output.WriteLine($"  {figure}, {figure.Error:P1}");
        }
        Assert.Equal([VerificationClock.Accelerated, VerificationClock.Wall], verification.Runs.Select(run => run.Clock));
        Assert.All(verification.Runs, run => Assert.All(
            run.Figures, figure => Assert.True(figure.Error <= ErrorMax, $"{run.Clock}: {figure}, {figure.Error:P1}")));
    }
}

/// <summary>Tests that measure time, one after the other and with no others beside them.</summary>
[CollectionDefinition(nameof(UndisturbedRuns), DisableParallelization = true)]
public class UndisturbedRuns;
