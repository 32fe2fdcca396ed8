@echo off
rem Runs nat-probe of an unpacked distribution; --help lists the options. CULVERT_JAVA names the java command to use,
rem CULVERT_JAVA_OPTS has more flags for the JVM.
setlocal
set "root=%~dp0.."
set "java=%CULVERT_JAVA%"
if not defined java if exist "%root%\runtime\bin\java.exe" set "java=%root%\runtime\bin\java.exe"
if not defined java if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java.exe"
if not defined java set "java=java"
rem Flags of newer versions, which older ones shall pass over.
set "flags=-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+IgnoreUnrecognizedVMOptions --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
"%java%" %flags% %CULVERT_JAVA_OPTS% -jar "%root%\lib\nat-probe.jar" %*
exit /b %errorlevel%
