namespace LambdaStreamRunner.Testing.Choosing;

/// <summary>Any choice, each as likely.</summary>
internal sealed class RandomChooser(ulong seed) : Chooser
{
    protected override int PickOne(in Choice choice, int count) => Mixing.Below(Mixing.Of(seed, choice), count);

    protected override int PickMeasure(in Choice choice, long actor, int max) => Mixing.Below(Mixing.Of(seed, choice), max + 1);

    protected override bool PickFault(in Choice choice, double rate) => Mixing.Fraction(Mixing.Of(seed, choice)) < rate;
}
