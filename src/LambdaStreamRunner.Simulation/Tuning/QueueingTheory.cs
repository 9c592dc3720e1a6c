using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>What is known in closed form about batches, lanes and poison records: it rules out settings before they are simulated, and tells whether a simulation is right.</summary>
/// <remarks>Rates are per second, arrivals Poisson unless it says otherwise; S(n) = (<see cref="HandlerModel.Fixed"/> + n × <see cref="HandlerModel.PerRecord"/>) × <see cref="HandlerModel.MeanRatio"/>. Times include no polling: that of a consumer with enhanced fan-out and <see cref="StreamTiming.Ideal"/>.</remarks>
public static class QueueingTheory
{
    /// <summary>Bytes of a record in the event besides its payload, as measured: names, ARNs, key, numbers.</summary>
    public const double RecordOverheadBytes = 545;

    /// <summary>Bytes of base64 for each byte of payload.</summary>
    public const double EncodedBytesPerByte = 4.0 / 3;

    /// <summary>Records per second of a lane that never idles, each batch full.</summary>
    public static double LaneCapacity(HandlerModel handler, double batchSize)
    {
        double service = FixedSeconds(handler) + (SecondsPerRecord(handler) * batchSize);
        return service == 0 ? double.PositiveInfinity : batchSize / service;
    }

    /// <summary>Share of its time that a lane needs at full batches; from 1 on its queue grows without end.</summary>
    public static double LaneLoad(double arrivalsPerSecond, HandlerModel handler, double batchSize) => arrivalsPerSecond / LaneCapacity(handler, batchSize);

    /// <summary>Batch sizes above this one keep up with the lane's arrivals. Null when none does, because the part per record alone takes more time than there is.</summary>
    public static double? SmallestStableBatch(double arrivalsPerSecond, HandlerModel handler)
    {
        double perRecord = arrivalsPerSecond * SecondsPerRecord(handler);
        return perRecord >= 1 ? null : arrivalsPerSecond * FixedSeconds(handler) / (1 - perRecord);
    }

    /// <summary>Share of one lane's time that a single key needs: no number of lanes makes it less, since a key never runs twice at once. 1 or more: nothing keeps up with it.</summary>
    /// <param name="keyArrivalsPerSecond">Records of the key.</param>
    /// <param name="handler">How long the function takes.</param>
    /// <param name="recordsOfKeyInBatch">How many of its records fit one batch; 1 or more.</param>
    public static double HotKeyLoad(double keyArrivalsPerSecond, HandlerModel handler, double recordsOfKeyInBatch) =>
        keyArrivalsPerSecond * (SecondsPerRecord(handler) + (FixedSeconds(handler) / recordsOfKeyInBatch));

    /// <summary>Upper bound of the mean latency when a lane takes all that waits as soon as it is free (no window, no limit of the batch), tight to 2 % except where its two parts meet.</summary>
    /// <remarks>Y. Inoue, Queueing analysis of GPU-based inference servers with dynamic batching, 2021 (arXiv 1912.06322). Infinite when the load is not stable.</remarks>
    public static TimeSpan DynamicBatchLatencyMax(double arrivalsPerSecond, HandlerModel handler)
    {
        double fixedPart = FixedSeconds(handler);
        double perRecord = SecondsPerRecord(handler);
        double load = arrivalsPerSecond * perRecord;
        if (load >= 1)
            return TimeSpan.MaxValue;
        double light = (perRecord + fixedPart) / (2 * (1 - load))
            * (1 + (2 * arrivalsPerSecond * fixedPart) + ((1 - (arrivalsPerSecond * fixedPart)) / (1 + load)));
        double heavy = (1.5 * fixedPart / (1 - load)) + (perRecord / 2 * (load + 2) / (1 - (load * load)));
        return Span(Math.Min(light, heavy));
    }

    /// <summary>Mean wait in the queue of one lane with BatchSize 1 (M/G/1, Pollaczek and Khinchine). Infinite from a load of 1 on.</summary>
    /// <param name="arrivalsPerSecond">Of the lane.</param>
    /// <param name="serviceMean">Mean duration, in seconds.</param>
    /// <param name="serviceSecondMoment">Mean of the squared durations, in seconds².</param>
    public static TimeSpan SingleLaneWait(double arrivalsPerSecond, double serviceMean, double serviceSecondMoment)
    {
        double load = arrivalsPerSecond * serviceMean;
        return load >= 1 ? TimeSpan.MaxValue : Span(arrivalsPerSecond * serviceSecondMoment / (2 * (1 - load)));
    }

    /// <summary>The same for a function that takes the same time at every invocation (M/D/1).</summary>
    public static TimeSpan SingleLaneWait(double arrivalsPerSecond, HandlerModel handler)
    {
        double service = Seconds(handler.MeanDurationOf(1));
        return SingleLaneWait(arrivalsPerSecond, service, service * service);
    }

    /// <summary>The same for c lanes among which keys are divided for good: each has its own part of the arrivals (HashLanes, all keys different).</summary>
    public static TimeSpan DividedLanesWait(double arrivalsPerSecond, int lanes, double serviceMean, double serviceSecondMoment) =>
        SingleLaneWait(arrivalsPerSecond / lanes, serviceMean, serviceSecondMoment);

    /// <summary>Probability that a record waits when it may take any free lane and durations are exponential: Erlang C. 1 from a load of 1 on.</summary>
    public static double ErlangC(double arrivalsPerSecond, double serviceMean, int lanes)
    {
        double offered = arrivalsPerSecond * serviceMean;
        if (offered >= lanes)
            return 1;
        double blocked = 1;                                   // Erlang B by its recursion: no factorials that overflow
        for (int lane = 1; lane <= lanes; lane++)
            blocked = offered * blocked / (lane + (offered * blocked));
        return blocked / (1 - (offered / lanes * (1 - blocked)));
    }

    /// <summary>Mean wait in the queue when a record may take any free lane (DynamicKeys, all keys different, BatchSize 1, exponential durations: M/M/c).</summary>
    public static TimeSpan SharedLanesWait(double arrivalsPerSecond, double serviceMean, int lanes)
    {
        double offered = arrivalsPerSecond * serviceMean;
        return offered >= lanes ? TimeSpan.MaxValue : Span(ErlangC(arrivalsPerSecond, serviceMean, lanes) * serviceMean / (lanes - offered));
    }

    /// <summary>Mean batch under a batching window at light load: the record that opens the window, and what comes while it is open.</summary>
    public static double WindowBatchMean(double arrivalsPerSecond, TimeSpan window) => 1 + (arrivalsPerSecond * Seconds(window));

    /// <summary>Mean wait of a record in a batching window at light load.</summary>
    public static TimeSpan WindowWait(double arrivalsPerSecond, TimeSpan window)
    {
        double arrivals = arrivalsPerSecond * Seconds(window);
        return Span(Seconds(window) * (1 + (arrivals / 2)) / (1 + arrivals));
    }

    /// <summary>Mean attempts of a batch of which each attempt fails with a probability for a reason that does not stay.</summary>
    public static double TransientAttempts(double failureRate) => 1 / (1 - failureRate);

    /// <summary>Most records of a batch that is closed by count or by the 6 MB of an event.</summary>
    /// <param name="batchSize">BatchSize.</param>
    /// <param name="payloadBytesMean">Mean payload of a record.</param>
    public static int EffectiveBatchSize(int batchSize, double payloadBytesMean) =>
        Math.Max(1, Math.Min(batchSize, (int)(KinesisEventFormat.EventLengthMax / ((EncodedBytesPerByte * payloadBytesMean) + RecordOverheadBytes))));

    private static double FixedSeconds(HandlerModel handler) => Seconds(handler.Fixed) * handler.MeanRatio;

    private static double SecondsPerRecord(HandlerModel handler) => Seconds(handler.PerRecord) * handler.MeanRatio;

    private static double Seconds(TimeSpan span) => span.TotalSeconds;

    private static TimeSpan Span(double seconds) => TimeSpan.FromSeconds(seconds);
}
