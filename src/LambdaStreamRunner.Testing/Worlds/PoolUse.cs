namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>Whether a test's handler was ever seen on threads of the pool: all worlds of the test are then careful from the beginning.</summary>
internal sealed class PoolUse
{
    private volatile bool _wasSeen;

    public bool WasSeen => _wasSeen;

    public void See() => _wasSeen = true;
}
