using System.Text;

namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

/// <summary>What processes of this machine were started with.</summary>
internal static class CommandLines
{
    /// <summary>Program and arguments of a process, with a zero byte after each; empty when it has ended.</summary>
    public static string Of(int id)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{id}/cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
