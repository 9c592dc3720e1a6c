namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>What a batch with poison records costs, in closed form: bisecting a batch is group testing with a binary tree.</summary>
/// <remarks>A poison record fails whenever it is delivered. A failed batch is cut in two, and both halves are invoked in order; a single record that fails is invoked again as often as MaximumRetryAttempts says.</remarks>
public static class PoisonTheory
{
    /// <summary>Invocations for one poison record in a batch of a power of two, its retries included: 2⌈log₂ n⌉ + 1 + R. A little more than the mean otherwise.</summary>
    public static int BisectInvocations(int batch, int retries) => (2 * Depth(batch)) + 1 + retries;

    /// <summary>Invocations for several poison records at their worst places, in a batch that is a power of two times their number: 2d(log₂(n ÷ d) + 1) − 1 + dR.</summary>
    public static double BisectInvocationsWorst(int batch, int poison, int retries) =>
        (2.0 * poison * (Math.Log2((double)batch / poison) + 1)) - 1 + (poison * retries);

    /// <summary>Mean invocations over all places of the poison records: exact, for every size of batch.</summary>
    public static double BisectInvocationsMean(int batch, int poison, int retries) => 1 + (poison * retries) + SumOverCut(batch, poison, _ => 2);

    /// <summary>Mean deliveries of records over all places of the poison records, first deliveries included; every one past the batch's size is a duplicate.</summary>
    public static double BisectDeliveriesMean(int batch, int poison, int retries) => batch + (poison * retries) + SumOverCut(batch, poison, size => size);

    /// <summary>Lower bound of the tests of any way to find the poison records, were the order of keys of no concern: log₂ of the number of ways they can lie.</summary>
    public static double TestsMin(int batch, int poison)
    {
        double bits = 0;
        for (int taken = 0; taken < poison; taken++)
            bits += Math.Log2((double)(batch - taken) / (poison - taken));
        return bits;
    }

    /// <summary>Time for which one poison record holds its lane with bisect: about 2⌈log₂ n⌉ + 1 + R fixed parts, and 3n records.</summary>
    /// <param name="batch">Records of the batch.</param>
    /// <param name="retries">MaximumRetryAttempts.</param>
    /// <param name="fixedPart">Of an invocation.</param>
    /// <param name="perRecord">Of a record.</param>
    /// <param name="pauses">All back-off together.</param>
    public static TimeSpan BisectBlockedTime(int batch, int retries, TimeSpan fixedPart, TimeSpan perRecord, TimeSpan pauses) =>
        (fixedPart * BisectInvocations(batch, retries)) + (perRecord * (3.0 * batch)) + pauses;

    private static int Depth(int batch) => (int)Math.Ceiling(Math.Log2(batch));

    /// <summary>Sum of a value over all parts of a batch that are expected to be cut: those of more than one record, times the probability that one of them is poison.</summary>
    private static double SumOverCut(int batch, int poison, Func<int, double> valueOf)
    {
        // Parts of one depth have at most two sizes, so counting sizes is enough.
        Dictionary<int, double> level = new() { [batch] = 1 };
        double sum = 0;
        while (level.Count > 0)
        {
            Dictionary<int, double> next = [];
            foreach ((int size, double count) in level)
            {
                if (size < 2)
                    continue;
                sum += count * valueOf(size) * HasPoison(batch, poison, size);
                next[size / 2] = next.GetValueOrDefault(size / 2) + count;
                next[size - (size / 2)] = next.GetValueOrDefault(size - (size / 2)) + count;
            }
            level = next;
        }
        return sum;
    }

    /// <summary>Probability that a part has one of the poison records: 1 − C(n − m, d) ÷ C(n, d).</summary>
    private static double HasPoison(int batch, int poison, int size)
    {
        double clean = 1;
        for (int taken = 0; taken < poison; taken++)
            clean *= Math.Max(0, (double)(batch - size - taken) / (batch - taken));
        return 1 - clean;
    }
}
